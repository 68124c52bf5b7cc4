package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code HAPROXY_DEPLOYMENT_*} labels of an app: two apps of one group are one to the public
 * (marathon-lb reference, 8.1 and 12).
 *
 * @param group id that the group goes by, {@code /} and its name; null: none
 * @param startedAt decides which of two is new; without the label the oldest
 * @param newInstances presence switches on the rules for hybrid sizes
 * @param target so many instances in all; 1 without {@code newInstances}
 */
record DeploymentLabels(
    @Nullable AppId group,
    Instant startedAt,
    boolean newInstances,
    int target,
    List<LabelFinding> findings) {
  static DeploymentLabels of(AppSpec app) {
    List<LabelFinding> findings = new ArrayList<>();
    AppId group = group(app, findings);
    Instant startedAt = startedAt(app, findings);
    boolean newInstances = count(app, EdgeLabel.DEPLOYMENT_NEW_INSTANCES, findings) != null;
    Integer wanted = count(app, EdgeLabel.DEPLOYMENT_TARGET_INSTANCES, findings);
    count(app, EdgeLabel.DEPLOYMENT_ALT_PORT, findings);
    String colour = app.labels().get(EdgeLabel.DEPLOYMENT_COLOUR.key());
    if (colour != null && !colour.equals("blue") && !colour.equals("green")) {
      malformed(findings, EdgeLabel.DEPLOYMENT_COLOUR, "'" + colour + "' is not blue or green");
    }
    if (newInstances && wanted == null) {
      malformed(
          findings,
          EdgeLabel.DEPLOYMENT_NEW_INSTANCES,
          "it needs " + EdgeLabel.DEPLOYMENT_TARGET_INSTANCES.key() + " beside it");
      newInstances = false;
    }
    return new DeploymentLabels(
        group,
        startedAt,
        newInstances,
        newInstances && wanted != null ? wanted : 1,
        List.copyOf(findings));
  }

  private static void malformed(List<LabelFinding> findings, EdgeLabel label, String sentence) {
    findings.add(new LabelFinding(label.key(), LabelFinding.Kind.MALFORMED, sentence));
  }

  private static @Nullable AppId group(AppSpec app, List<LabelFinding> findings) {
    String name = app.labels().get(EdgeLabel.DEPLOYMENT_GROUP.key());
    if (name == null) {
      return null;
    }
    if (!name.matches("[!-.0-~]([!-~]*[!-.0-~])?")) {
      malformed(
          findings,
          EdgeLabel.DEPLOYMENT_GROUP,
          "'" + name + "' is not a name without blanks and outer slashes");
      return null;
    }
    return new AppId("/" + name);
  }

  private static Instant startedAt(AppSpec app, List<LabelFinding> findings) {
    String text = app.labels().get(EdgeLabel.DEPLOYMENT_STARTED_AT.key());
    if (text == null) {
      return Instant.MIN;
    }
    String iso = text.strip().replaceFirst(" (?=[0-9]{2}:)", "T");
    try {
      return iso.length() <= 10
          ? LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC)
          : iso.matches(".*T.*([Zz]|[+-][0-9]{2}:[0-9]{2})")
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      malformed(
          findings,
          EdgeLabel.DEPLOYMENT_STARTED_AT,
          "'" + text + "' is not a date such as 2026-01-31T12:00:00");
      return Instant.MIN;
    }
  }

  private static @Nullable Integer count(
      AppSpec app, EdgeLabel label, List<LabelFinding> findings) {
    String text = app.labels().get(label.key());
    if (text == null) {
      return null;
    }
    if (!text.strip().matches("[0-9]{1,9}")) {
      malformed(findings, label, "'" + text + "' is not a whole number");
      return null;
    }
    return Integer.parseInt(text.strip());
  }
}
