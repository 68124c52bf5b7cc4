package io.dromos.task;

import io.dromos.app.AppId;

/** A task as a whole: the leader's goal beside the agent's observation. */
public record Task(TaskGoal goal, TaskObservation seen) {
  /** A task that was placed and that no agent has said anything about yet. */
  public static Task unseen(TaskGoal goal) {
    return new Task(
        goal, TaskObservation.staging(goal.id(), goal.stagedAt()).atRevision(goal.revision()));
  }

  public TaskId id() {
    return goal.id();
  }

  public AppId appId() {
    return goal.appId();
  }

  public TaskState state() {
    return seen.state();
  }

  public boolean isActive() {
    return !seen.state().isTerminal();
  }

  public boolean isRunning() {
    return seen.state() == TaskState.RUNNING;
  }

  /** Every defined check has a result and all are alive; vacuously true without checks. */
  public boolean isHealthy(int definedChecks) {
    return definedChecks == 0
        || (seen.health().size() >= definedChecks
            && seen.health().stream().allMatch(HealthResult::alive));
  }

  /** Every defined readiness check has passed; vacuously true without checks. */
  public boolean isReady(int definedChecks) {
    return definedChecks == 0
        || (seen.readiness().size() >= definedChecks
            && seen.readiness().stream().allMatch(ReadinessResult::ready));
  }

  /** At least one check has a result and is not alive. */
  public boolean isUnhealthy() {
    return seen.health().stream().anyMatch(h -> !h.alive() && (h.lastFailure() != null));
  }
}
