package io.dromos.task;

import io.dromos.app.AppId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of one execution attempt. New ids have the classic form {@code sise.<uuid>}; every form that
 * Marathon ever gave out is accepted on input (Marathon 1.11: {@code Task.Id}; ADR 0010).
 */
public record TaskId(String value) implements Comparable<TaskId> {
  private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  private static final Pattern CURRENT =
      Pattern.compile("^(.+)\\.(?:instance|marathon)-(" + UUID + ")(?:[._]_?[a-z]+)?(?:\\.\\d+)?$");
  private static final Pattern CLASSIC = Pattern.compile("^(.+)[._](" + UUID + ")(?:\\.\\d+)?$");

  /** A new id in the classic form. */
  public static TaskId create(AppId app, String timeUuid) {
    return new TaskId(app.safe() + "." + timeUuid);
  }

  /** The text as an id if it has one of Marathon's forms. */
  public static Optional<TaskId> parse(String text) {
    return CURRENT.matcher(text).matches() || CLASSIC.matcher(text).matches()
        ? Optional.of(new TaskId(text))
        : Optional.empty();
  }

  /** The app this belongs to, read back from the safe path. */
  public AppId appId() {
    Matcher current = CURRENT.matcher(value);
    if (current.matches()) {
      return AppId.of(current.group(1).replace('_', '/'));
    }
    Matcher classic = CLASSIC.matcher(value);
    if (classic.matches()) {
      return AppId.of(classic.group(1).replace('_', '/'));
    }
    return AppId.ROOT;
  }

  /** {@code sise.marathon-<uuid>}: the instance id in events and health results. */
  public String instanceId() {
    Matcher classic = CLASSIC.matcher(value);
    return classic.matches() && !CURRENT.matcher(value).matches()
        ? classic.group(1) + ".marathon-" + classic.group(2)
        : value;
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
