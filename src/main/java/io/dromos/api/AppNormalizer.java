package io.dromos.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.AppJson.ArtifactJson;
import io.dromos.api.AppJson.ReadinessCheckJson;
import io.dromos.api.AppJson.UpgradeStrategyJson;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import io.dromos.app.BackoffSpec;
import io.dromos.app.Constraint;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.ReadinessCheck;
import io.dromos.app.Resources;
import io.dromos.app.UnreachableStrategy;
import io.dromos.app.UpgradeStrategy;
import io.dromos.app.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From what a client sent to a complete, canonical {@link AppSpec}: legacy forms translated,
 * defaults filled in (Marathon 1.11: {@code AppNormalization}). Versions and service ports are
 * assigned later, by the command that stores it.
 */
public final class AppNormalizer {
  private static final List<String> SERVER_FIELDS = List.of("id", "version", "versionInfo");

  private AppNormalizer() {}

  /**
   * Reads a whole definition.
   *
   * @param id the app it defines; an id in the body was resolved before
   * @param base group that relative dependencies are resolved against
   */
  public static Normalized create(AppId id, AppJson app, AppId base) {
    List<Violation> legacy = LegacyForms.check(app);
    return legacy.isEmpty()
        ? new Finish(id, base).of(LegacyForms.translate(app, true))
        : new Normalized.Broken(legacy);
  }

  /** Lays the given fields over a stored definition; each replaces the whole value. */
  public static Normalized update(AppSpec stored, AppJson part, AppId base) {
    List<Violation> legacy = LegacyForms.check(part);
    if (!legacy.isEmpty()) {
      return new Normalized.Broken(legacy);
    }
    ObjectNode merged = Json.MAPPER.valueToTree(AppJson.of(stored));
    ObjectNode given = LegacyForms.translate(part, false);
    given.remove(SERVER_FIELDS);
    merged.setAll(given);
    Normalized normalized = new Finish(stored.id(), base).of(merged);
    return normalized instanceof Normalized.Complete complete
        ? new Normalized.Complete(
            complete
                .spec()
                .withVersion(stored.version(), stored.lastScalingAt(), stored.lastConfigChangeAt()))
        : normalized;
  }

  /** True when nothing but {@code version}, and perhaps {@code id}, was given: a roll back. */
  public static boolean isRollback(AppJson part) {
    ObjectNode given = Json.MAPPER.valueToTree(part);
    given.remove("id");
    return given.size() == 1 && given.has("version");
  }

  /** The last steps, on a definition without legacy forms. */
  private static final class Finish {
    private final AppId id;
    private final AppId base;
    private final Violations out = new Violations();

    Finish(AppId id, AppId base) {
      this.id = id;
      this.base = base;
    }

    Normalized of(ObjectNode canonical) {
      AppSpec spec = spec(read(canonical));
      return out.found().isEmpty()
          ? new Normalized.Complete(spec)
          : new Normalized.Broken(out.found());
    }

    private AppSpec spec(AppJson app) {
      unsupported(app);
      NetworkForms networking = new NetworkForms(app, out);
      return new AppSpec(
          id,
          app.cmd(),
          orEmpty(app.args()),
          app.user(),
          env(app),
          requireNonNullElse(app.labels(), Map.of()),
          requireNonNullElse(app.instances(), 1),
          new Resources(
              requireNonNullElse(app.cpus(), 1.0),
              requireNonNullElse(app.mem(), 128.0),
              requireNonNullElse(app.disk(), 0.0),
              requireNonNullElse(app.gpus(), 0)),
          networking.container(),
          networking.network(),
          networking.ports(),
          networking.isHost() && requireNonNullElse(app.requirePorts(), false),
          orEmpty(app.healthChecks()).stream().map(this::healthCheck).toList(),
          orEmpty(app.readinessChecks()).stream().map(Finish::readinessCheck).toList(),
          upgradeStrategy(app.upgradeStrategy()),
          unreachable(app.unreachableStrategy()),
          word(KillSelection.class, app.killSelection(), KillSelection.YOUNGEST_FIRST),
          new BackoffSpec(
              requireNonNullElse(app.backoffSeconds(), BackoffSpec.DEFAULT.backoffSeconds()),
              requireNonNullElse(app.backoffFactor(), BackoffSpec.DEFAULT.backoffFactor()),
              requireNonNullElse(
                  app.maxLaunchDelaySeconds(), BackoffSpec.DEFAULT.maxLaunchDelaySeconds())),
          app.taskKillGracePeriodSeconds(),
          constraints(orEmpty(app.constraints())),
          orEmpty(app.acceptedResourceRoles()),
          requireNonNullElse(app.role(), "*"),
          orEmpty(app.fetch()).stream().map(Finish::artifact).toList(),
          orEmpty(app.dependencies()).stream().map(d -> AppId.of(d, base)).distinct().toList(),
          requireNonNullElse(app.executor(), ""),
          app.tty(),
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH);
    }

    /** What Dromos cannot do is refused by name, never dropped in silence. */
    private void unsupported(AppJson app) {
      out.addIf(app.check() != null, "/check", "checks are not supported; use healthChecks");
      out.addIf(app.residency() != null, "/residency", "resident apps are not supported");
      out.addIf(
          app.resourceLimits() != null, "/resourceLimits", "resource limits are not supported");
      out.addIf(
          app.executorResources() != null,
          "/executorResources",
          "executor resources are not supported");
      out.addIf(
          app.secrets() != null && !app.secrets().isEmpty(),
          "/secrets",
          "Feature secrets is not enabled. Enable with --enable_features secrets)");
      out.addIf(
          app.acceptedResourceRoles() != null && app.acceptedResourceRoles().isEmpty(),
          "/acceptedResourceRoles",
          "must not be empty");
    }

    private Map<String, String> env(AppJson app) {
      Map<String, String> env = new LinkedHashMap<>();
      requireNonNullElse(app.env(), Map.<String, Object>of())
          .forEach(
              (name, value) -> {
                out.addIf(name.isEmpty(), "/env()", "must not be empty");
                if (value instanceof String text) {
                  env.put(name, text);
                } else {
                  out.add(
                      "/env(" + name + ")",
                      "use of secret-references in the environment requires the secrets feature to"
                          + " be enabled");
                }
              });
      return env;
    }

    private List<Constraint> constraints(List<List<String>> given) {
      List<Constraint> constraints = new ArrayList<>();
      for (int i = 0; i < given.size(); i++) {
        List<String> words = given.get(i);
        String path = "/constraints(" + i + ")";
        Optional<Constraint.Operator> operator =
            words.size() < 2 ? Optional.empty() : operator(words.get(1));
        if (words.size() < 2 || words.size() > 3) {
          out.add(path, "Each constraint must have either 2 or 3 fields");
        } else if (operator.isEmpty()) {
          out.add(
              path,
              "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER,"
                  + " UNLIKE or IS");
        } else {
          // Old releases wrote an empty value where there is none.
          String value = words.size() > 2 && !words.get(2).isEmpty() ? words.get(2) : null;
          constraints.add(new Constraint(words.get(0), operator.get(), value));
        }
      }
      return constraints.stream().distinct().toList();
    }

    private static Optional<Constraint.Operator> operator(String word) {
      return Arrays.stream(Constraint.Operator.values())
          .filter(o -> o.name().equalsIgnoreCase(word))
          .findFirst();
    }

    private HealthCheck healthCheck(HealthCheckJson check) {
      HealthCheck.Protocol protocol =
          word(HealthCheck.Protocol.class, check.protocol(), HealthCheck.Protocol.HTTP);
      boolean agentRun = protocol.isAgentRun();
      return new HealthCheck(
          protocol,
          check.path(),
          check.portIndex(),
          check.port(),
          check.command() == null ? null : check.command().value(),
          requireNonNullElse(check.gracePeriodSeconds(), 300),
          requireNonNullElse(check.intervalSeconds(), 60),
          requireNonNullElse(check.timeoutSeconds(), 20),
          requireNonNullElse(check.maxConsecutiveFailures(), 3),
          // Marathon knows a delay for agent-run checks only and shows its default for the others.
          agentRun ? requireNonNullElse(check.delaySeconds(), 15) : 15,
          requireNonNullElse(check.ignoreHttp1xx(), false),
          "IPV6".equalsIgnoreCase(check.ipProtocol()) ? "IPv6" : "IPv4");
    }

    private static ReadinessCheck readinessCheck(ReadinessCheckJson check) {
      return new ReadinessCheck(
          requireNonNullElse(check.name(), "readinessCheck"),
          "HTTPS".equalsIgnoreCase(check.protocol()),
          requireNonNullElse(check.path(), "/"),
          requireNonNullElse(check.portName(), "http-api"),
          requireNonNullElse(check.intervalSeconds(), 30),
          requireNonNullElse(check.timeoutSeconds(), 10),
          requireNonNullElse(check.httpStatusCodesForReady(), List.of(200)),
          requireNonNullElse(check.preserveLastResponse(), false));
    }

    private static UpgradeStrategy upgradeStrategy(@Nullable UpgradeStrategyJson given) {
      return given == null
          ? UpgradeStrategy.DEFAULT
          : new UpgradeStrategy(
              requireNonNullElse(given.minimumHealthCapacity(), 1.0),
              requireNonNullElse(given.maximumOverCapacity(), 1.0));
    }

    private static UnreachableStrategy unreachable(@Nullable UnreachableJson given) {
      if (given == null) {
        return UnreachableStrategy.DEFAULT;
      }
      return given.word() != null
          ? UnreachableStrategy.DISABLED
          : new UnreachableStrategy(
              false,
              requireNonNullElse(given.inactiveAfterSeconds(), 0L),
              requireNonNullElse(given.expungeAfterSeconds(), 0L));
    }

    private static Artifact artifact(ArtifactJson artifact) {
      return new Artifact(
          requireNonNullElse(artifact.uri(), ""),
          requireNonNullElse(artifact.extract(), true),
          requireNonNullElse(artifact.executable(), false),
          requireNonNullElse(artifact.cache(), false),
          artifact.destPath());
    }

    private static AppJson read(ObjectNode canonical) {
      try {
        return Json.MAPPER.treeToValue(canonical, AppJson.class);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("canonical forms are made from valid wire records", e);
      }
    }
  }

  /** A word of an enum in any case; unknown words were refused by {@link AppSchema}. */
  private static <E extends Enum<E>> E word(Class<E> type, @Nullable String word, E otherwise) {
    return word == null ? otherwise : Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> values) {
    return values == null
        ? List.of()
        : Stream.of(values).flatMap(List::stream).filter(Objects::nonNull).toList();
  }
}
