package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.deployment.Deployment;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something the event stream tells (Marathon 1.11: {@code Events.scala}); values only. */
public sealed interface ClusterEvent {
  Instant at();

  record ApiPost(Instant at, String clientIp, String uri, AppSpec app) implements ClusterEvent {}

  record GroupChanged(Instant at, AppId group, Instant version) implements ClusterEvent {}

  record GroupChangeFailed(Instant at, AppId group, Instant version, String reason)
      implements ClusterEvent {}

  record DeploymentStepBegan(Instant at, Deployment deployment) implements ClusterEvent {}

  record DeploymentStepDone(Instant at, Deployment deployment) implements ClusterEvent {}

  record DeploymentSucceeded(Instant at, Deployment deployment) implements ClusterEvent {}

  record DeploymentFailed(Instant at, Deployment deployment, String reason)
      implements ClusterEvent {}

  /** A status update and the instance change that goes with it. */
  record TaskStatus(Instant at, Task task) implements ClusterEvent {}

  /** Aggregate health of an instance changed; null is unknown. */
  record InstanceHealth(Instant at, Task task, @Nullable Boolean healthy) implements ClusterEvent {}

  /** One check of a task flipped. */
  record HealthStatus(Instant at, Task task, boolean alive) implements ClusterEvent {}

  record HealthCheckFailed(Instant at, Task task, HealthCheck check, HealthResult result)
      implements ClusterEvent {}

  record UnhealthyKill(Instant at, Task task, String reason) implements ClusterEvent {}

  record HealthChecksAdded(Instant at, AppId app, Instant version, List<HealthCheck> checks)
      implements ClusterEvent {
    public HealthChecksAdded {
      checks = List.copyOf(checks);
    }
  }

  /** The checks of an app, or of a version of it, end. */
  record HealthChecksRemoved(Instant at, AppId app) implements ClusterEvent {}

  /**
   * So many tasks turned unhealthy at once that none is killed for it; ours, not Marathon's.
   *
   * @param agent where; null in the whole cluster
   */
  record HealthKillsHeld(
      Instant at, @Nullable String agent, int failing, int watched, String message)
      implements ClusterEvent {}

  /** Unhealthy tasks are killed again; ours, not Marathon's. */
  record HealthKillsResumed(Instant at, @Nullable String agent) implements ClusterEvent {}

  /** A task that nobody asked for was stopped and has ended. */
  record UnknownTerminated(Instant at, TaskId task) implements ClusterEvent {}

  record AppTerminated(Instant at, AppId app) implements ClusterEvent {}

  /** A drain was not acknowledged by every plane in time; ours, not Marathon's. */
  record DrainTimedOut(Instant at, TaskId task, AppId app, long revision) implements ClusterEvent {}
}
