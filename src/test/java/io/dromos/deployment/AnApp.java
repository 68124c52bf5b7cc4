package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.BackoffSpec;
import io.dromos.app.Constraint;
import io.dromos.app.Container;
import io.dromos.app.DeadlineLabel;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.ReadinessCheck;
import io.dromos.app.Resources;
import io.dromos.app.UnreachableStrategy;
import io.dromos.app.UpgradeStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Definitions for tests: {@code AnApp.called("/web").instances(3).spec()}. */
public final class AnApp {
  private final AppId id;
  private String cmd = "sleep 1000";
  private int instances = 1;
  private Resources resources = new Resources(0.1, 32, 0, 0);
  private @Nullable Container container;
  private Network network = Network.HOST;
  private boolean requirePorts;
  private final List<PortSpec> ports = new ArrayList<>();
  private final List<HealthCheck> checks = new ArrayList<>();
  private final List<ReadinessCheck> readiness = new ArrayList<>();
  private final Map<String, String> labels = new HashMap<>();
  private final List<Constraint> constraints = new ArrayList<>();
  private final List<AppId> dependencies = new ArrayList<>();
  private List<String> roles = List.of("*");
  private UpgradeStrategy upgrade = UpgradeStrategy.DEFAULT;
  private UnreachableStrategy unreachable = UnreachableStrategy.DEFAULT;
  private KillSelection killSelection = KillSelection.YOUNGEST_FIRST;
  private BackoffSpec backoff = BackoffSpec.DEFAULT;
  private Instant version = Instant.EPOCH;
  private Instant config = Instant.EPOCH;

  private AnApp(AppId id) {
    this.id = id;
  }

  public static AnApp called(String id) {
    return new AnApp(AppId.of(id));
  }

  public AnApp cmd(String line) {
    cmd = line;
    return this;
  }

  public AnApp instances(int count) {
    instances = count;
    return this;
  }

  public AnApp resources(double cpus, double memMiB) {
    resources = new Resources(cpus, memMiB, 0, 0);
    return this;
  }

  public AnApp resources(Resources all) {
    resources = all;
    return this;
  }

  public AnApp docker(String image) {
    container = new Container(Container.Type.DOCKER, image, false, false, List.of(), List.of());
    return this;
  }

  public AnApp network(Network given) {
    network = given;
    return this;
  }

  /** A port with this service port, 0 for any; its host port is chosen. */
  public AnApp port(int servicePort) {
    return port(0, servicePort, Map.of());
  }

  public AnApp port(@Nullable Integer hostPort, int servicePort, Map<String, String> labels) {
    ports.add(new PortSpec(null, hostPort, servicePort, List.of(Protocol.TCP), null, labels));
    return this;
  }

  public AnApp requirePorts() {
    requirePorts = true;
    return this;
  }

  public AnApp check(HealthCheck check) {
    checks.add(check);
    return this;
  }

  public AnApp httpCheck(int maxConsecutiveFailures) {
    checks.add(
        new HealthCheck(
            HealthCheck.Protocol.HTTP,
            "/health",
            0,
            null,
            null,
            300,
            10,
            5,
            maxConsecutiveFailures,
            15,
            false,
            "IPv4"));
    return this;
  }

  public AnApp readinessCheck(String name) {
    readiness.add(new ReadinessCheck(name, false, "/ready", "main", 30, 10, List.of(200), true));
    return this;
  }

  public AnApp readiness(ReadinessCheck check) {
    readiness.add(check);
    return this;
  }

  public AnApp label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  /** Its deployments have so many seconds. */
  public AnApp deadline(int seconds) {
    return label(DeadlineLabel.KEY, String.valueOf(seconds));
  }

  public AnApp constraint(String field, Constraint.Operator operator, @Nullable String value) {
    constraints.add(new Constraint(field, operator, value));
    return this;
  }

  public AnApp dependsOn(String other) {
    dependencies.add(AppId.of(other));
    return this;
  }

  public AnApp acceptedRoles(String... names) {
    roles = List.of(names);
    return this;
  }

  public AnApp upgrade(double minimumHealthCapacity, double maximumOverCapacity) {
    upgrade = new UpgradeStrategy(minimumHealthCapacity, maximumOverCapacity);
    return this;
  }

  public AnApp unreachable(UnreachableStrategy strategy) {
    unreachable = strategy;
    return this;
  }

  public AnApp kill(KillSelection selection) {
    killSelection = selection;
    return this;
  }

  public AnApp backoff(int seconds, double factor, int maxSeconds) {
    backoff = new BackoffSpec(seconds, factor, maxSeconds);
    return this;
  }

  /** Stored as a new configuration at this second. */
  public AnApp version(int second) {
    version = Instant.EPOCH.plusSeconds(second);
    config = version;
    return this;
  }

  /** Stored at this second; the configuration is that of an earlier one. */
  public AnApp version(int second, int configSecond) {
    version = Instant.EPOCH.plusSeconds(second);
    config = Instant.EPOCH.plusSeconds(configSecond);
    return this;
  }

  public AppSpec spec() {
    return new AppSpec(
        id,
        cmd,
        List.of(),
        null,
        Map.of(),
        labels,
        instances,
        resources,
        container,
        network,
        ports,
        requirePorts,
        checks,
        readiness,
        upgrade,
        unreachable,
        killSelection,
        backoff,
        null,
        constraints,
        roles,
        "*",
        List.of(),
        dependencies,
        "",
        null,
        version,
        version,
        config);
  }
}
