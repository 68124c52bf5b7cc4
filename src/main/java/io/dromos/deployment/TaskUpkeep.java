package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.placement.Agent;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskEffect;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import java.time.Instant;
import java.util.List;

/** Judges every task for itself, whatever its app wants. */
final class TaskUpkeep {
  /** What there is to do about a task. */
  sealed interface Finding {
    /** Nothing. */
    record Fine() implements Finding {}

    /** Its agent is silent for too long. */
    record Lost() implements Finding {}

    /** It does not do its work and is to be stopped. */
    record Doomed(KillReason reason, String why) implements Finding {}

    /** It is over; {@code failed} when nobody asked it to end. */
    record Over(boolean failed) implements Finding {}
  }

  private static final Finding FINE = new Finding.Fine();

  private final World world;
  private final Instant now;
  private final ReconcilerConfig config;

  /** Agents that were heard of after this are there. */
  private final Instant silentSince;

  /** Tasks that were placed after this still have time to come up. */
  private final Instant stagedBefore;

  TaskUpkeep(World world, Instant now, ReconcilerConfig config) {
    this.world = world;
    this.now = now;
    this.config = config;
    this.silentSince = now.minus(config.agentTimeout());
    this.stagedBefore = now.minus(config.launchTimeout());
  }

  Finding judge(Task task) {
    if (!task.isActive()) {
      boolean failed =
          task.goal().wantsRunning()
              && TaskTransitions.effectsOfEntering(task.state()).contains(TaskEffect.COUNT_FAILURE);
      return new Finding.Over(failed);
    }
    if (task.state() == TaskState.UNREACHABLE) {
      return AppTasks.isGivenUp(task, world, now) ? new Finding.Over(false) : FINE;
    }
    if (isAgentLost(task)) {
      return new Finding.Lost();
    }
    if (!task.goal().wantsRunning()) {
      return FINE;
    }
    if (isOverdue(task)) {
      return new Finding.Doomed(
          KillReason.OVERDUE,
          "not running " + config.launchTimeout().toSeconds() + " s after it was placed");
    }
    return unhealthy(task);
  }

  private boolean isAgentLost(Task task) {
    if (config.watchingSince().isAfter(silentSince)) {
      return false;
    }
    Agent agent = world.agent(task.goal().agent()).orElse(null);
    Instant heard = agent == null ? task.goal().stagedAt() : agent.seenAt();
    return !heard.isAfter(silentSince);
  }

  private boolean isOverdue(Task task) {
    return (task.state() == TaskState.STAGING || task.state() == TaskState.STARTING)
        && !task.goal().stagedAt().isAfter(stagedBefore);
  }

  /** Marathon kills at failure number {@code maxConsecutiveFailures + 1}; 0 means never. */
  private Finding unhealthy(Task task) {
    List<HealthResult> results = task.seen().health();
    if (!task.isRunning() || results.isEmpty()) {
      return FINE;
    }
    List<HealthCheck> checks = world.specOf(task).map(AppSpec::healthChecks).orElse(List.of());
    for (int i = 0; i < Math.min(checks.size(), results.size()); i++) {
      int allowed = checks.get(i).maxConsecutiveFailures();
      HealthResult result = results.get(i);
      if (allowed > 0 && result.consecutiveFailures() > allowed) {
        String cause = result.lastFailureCause();
        return new Finding.Doomed(KillReason.UNHEALTHY, cause == null ? "" : cause);
      }
    }
    return FINE;
  }
}
