package io.dromos.app;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One immutable version of an app definition, complete and canonical: defaults filled in, legacy
 * forms translated. The wire form is {@code api.AppJson}.
 *
 * @param version names this definition; milliseconds, strictly increasing per app
 * @param lastScalingAt version of the last change of {@code instances} (or of anything else)
 * @param lastConfigChangeAt version of the last change of anything but {@code instances}
 * @param killGraceSeconds from SIGTERM to SIGKILL; null means the default of 3
 */
public record AppSpec(
    AppId id,
    @Nullable String cmd,
    List<String> args,
    @Nullable String user,
    Map<String, String> env,
    Map<String, String> labels,
    int instances,
    Resources resources,
    @Nullable Container container,
    Network network,
    List<PortSpec> ports,
    boolean requirePorts,
    List<HealthCheck> healthChecks,
    List<ReadinessCheck> readinessChecks,
    UpgradeStrategy upgradeStrategy,
    UnreachableStrategy unreachableStrategy,
    KillSelection killSelection,
    BackoffSpec backoff,
    @Nullable Integer killGraceSeconds,
    List<Constraint> constraints,
    List<String> acceptedResourceRoles,
    String role,
    List<Artifact> fetch,
    List<AppId> dependencies,
    String executor,
    @Nullable Boolean tty,
    Instant version,
    Instant lastScalingAt,
    Instant lastConfigChangeAt) {
  public AppSpec {
    args = List.copyOf(args);
    env = Map.copyOf(env);
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    healthChecks = List.copyOf(healthChecks);
    readinessChecks = List.copyOf(readinessChecks);
    constraints = List.copyOf(constraints);
    acceptedResourceRoles = List.copyOf(acceptedResourceRoles);
    fetch = List.copyOf(fetch);
    dependencies = List.copyOf(dependencies);
  }

  /** True when the task runs on a Docker Engine. */
  public boolean needsDocker() {
    return container != null && container.image() != null;
  }

  /**
   * True when {@code other} asks for the same thing but for the number of instances: no running
   * task needs to be replaced (Marathon 1.11: {@code AppDefinition.isUpgrade}).
   */
  public boolean sameConfig(AppSpec other) {
    return unstamped().equals(other.unstamped());
  }

  private AppSpec unstamped() {
    return with(0, ports, role, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
  }

  public AppSpec withInstances(int count) {
    return with(count, ports, role, version, lastScalingAt, lastConfigChangeAt);
  }

  public AppSpec withPorts(List<PortSpec> assigned) {
    return with(instances, assigned, role, version, lastScalingAt, lastConfigChangeAt);
  }

  public AppSpec withRole(String other) {
    return with(instances, ports, other, version, lastScalingAt, lastConfigChangeAt);
  }

  /** A copy stamped as stored at {@code newVersion}. */
  public AppSpec withVersion(Instant newVersion, Instant scalingAt, Instant configChangeAt) {
    return with(instances, ports, role, newVersion, scalingAt, configChangeAt);
  }

  private AppSpec with(
      int count,
      List<PortSpec> assigned,
      String otherRole,
      Instant newVersion,
      Instant scalingAt,
      Instant configAt) {
    return new AppSpec(
        id,
        cmd,
        args,
        user,
        env,
        labels,
        count,
        resources,
        container,
        network,
        assigned,
        requirePorts,
        healthChecks,
        readinessChecks,
        upgradeStrategy,
        unreachableStrategy,
        killSelection,
        backoff,
        killGraceSeconds,
        constraints,
        acceptedResourceRoles,
        otherRole,
        fetch,
        dependencies,
        executor,
        tty,
        newVersion,
        scalingAt,
        configAt);
  }
}
