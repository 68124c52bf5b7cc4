package io.dromos.api;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.placement.Agent;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task as Marathon 1.11 shows it (marathon-api reference, 1.6.12). */
public record TaskJson(
    String appId,
    List<HealthResultJson> healthCheckResults,
    String host,
    String id,
    List<IpAddressJson> ipAddresses,
    List<Integer> ports,
    List<Integer> servicePorts,
    @Nullable String slaveId,
    String state,
    @Nullable String stagedAt,
    @Nullable String startedAt,
    @Nullable String version,
    List<Object> localVolumes,
    String role) {
  /** An address with its protocol, {@code IPv4} or {@code IPv6}. */
  public record IpAddressJson(String ipAddress, String protocol) {}

  /** Result of one health check; times are left out while unset. */
  public record HealthResultJson(
      boolean alive,
      int consecutiveFailures,
      @Nullable String firstSuccess,
      String instanceId,
      @Nullable String lastSuccess,
      @Nullable String lastFailure,
      @Nullable String lastFailureCause) {
    public static HealthResultJson of(HealthResult result, String instanceId) {
      return new HealthResultJson(
          result.alive(),
          result.consecutiveFailures(),
          Json.timeOrNull(result.firstSuccess()),
          instanceId,
          Json.timeOrNull(result.lastSuccess()),
          Json.timeOrNull(result.lastFailure()),
          result.lastFailureCause());
    }
  }

  /** The newest failure of an app. */
  public record TaskFailureJson(
      String appId,
      String host,
      String message,
      String state,
      String taskId,
      String timestamp,
      String version,
      @Nullable String slaveId) {
    public static TaskFailureJson of(TaskFailure failure, @Nullable Agent agent) {
      return new TaskFailureJson(
          failure.appId().path(),
          failure.host(),
          failure.message(),
          failure.state().mesosName(),
          failure.taskId().value(),
          Json.time(failure.timestamp()),
          Json.time(failure.version()),
          agent == null ? null : agent.id());
    }
  }

  /** Wrapper of a list of tasks. */
  public record TaskListJson(List<TaskJson> tasks) {}

  /** Wrapper of one task. */
  public record SingleTaskJson(TaskJson task) {}

  /**
   * Renders a task.
   *
   * @param app its current definition; null when the app is gone
   * @param agent where it runs; null when that node never reported
   * @param withServicePorts only {@code /v2/tasks} fills {@code servicePorts}
   */
  public static TaskJson of(
      Task task, @Nullable AppSpec app, @Nullable Agent agent, boolean withServicePorts) {
    boolean active = task.isActive();
    List<Integer> servicePorts =
        withServicePorts && app != null
            ? app.ports().stream().map(PortSpec::servicePort).toList()
            : List.of();
    return new TaskJson(
        task.appId().path(),
        task.seen().health().stream()
            // A check without any result yet is not shown.
            .filter(h -> h.lastSuccess() != null || h.lastFailure() != null)
            .map(h -> HealthResultJson.of(h, task.id().instanceId()))
            .toList(),
        task.goal().host(),
        task.id().value(),
        addresses(task, agent),
        active ? task.goal().hostPorts() : List.of(),
        servicePorts,
        agent == null ? null : agent.id(),
        task.state().mesosName(),
        active ? Json.time(task.goal().stagedAt()) : null,
        Json.timeOrNull(task.seen().startedAt()),
        active ? Json.time(task.goal().version()) : null,
        List.of(),
        app == null ? "*" : app.role());
  }

  /** A task has addresses once its process is there: its own, or else that of its agent. */
  private static List<IpAddressJson> addresses(Task task, @Nullable Agent agent) {
    boolean up = task.state() == TaskState.RUNNING || task.state() == TaskState.KILLING;
    String machine = agent == null ? task.goal().host() : agent.address();
    List<String> own = task.seen().addresses();
    return (up ? own.isEmpty() ? List.of(machine) : own : List.<String>of())
        .stream().map(ip -> new IpAddressJson(ip, ip.contains(":") ? "IPv6" : "IPv4")).toList();
  }
}
