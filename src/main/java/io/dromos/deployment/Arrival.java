package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.placement.Agent;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a task has arrived: it runs, all its health checks are alive, all its readiness checks
 * have passed once, and every live node serves it, or has had the time to (design, section 4).
 */
final class Arrival {
  private final World world;

  /** What became a backend before this has been served, or has had the time to be. */
  private final Instant settledBefore;

  private final ReconcilerConfig config;

  /** What every live node with planes serves at least. */
  private final long served;

  Arrival(World world, Instant now, ReconcilerConfig config) {
    this.world = world;
    this.config = config;
    this.settledBefore = now.minus(config.ackTimeout());
    this.served =
        world.agents().stream()
            .filter(
                agent ->
                    !agent.planes().isEmpty()
                        && agent.isAlive(now, config.agentSilence().toSeconds()))
            .mapToLong(Agent::servedRevision)
            .min()
            .orElse(Long.MAX_VALUE);
  }

  boolean hasArrived(Task task) {
    return task.isRunning() && isServed(task) && isHealthy(task) && isReady(task);
  }

  /** Every readiness check that its own version defines has passed. */
  boolean isReady(Task task) {
    int checks = world.specOf(task).map(spec -> spec.readinessChecks().size()).orElse(0);
    return task.isReady(checks);
  }

  /** Runs, and every check that its own version defines is alive. */
  boolean isHealthy(Task task) {
    return task.isRunning() && task.isHealthy(checks(task));
  }

  /** When an unserved task will be taken for served; empty for all others. */
  Optional<Instant> servedAtLatest(Task task) {
    return isHealthy(task) && isReady(task) && !isServed(task)
        ? Optional.of(settledAt(task).plus(config.ackTimeout()))
        : Optional.empty();
  }

  private boolean isServed(Task task) {
    return served >= task.seen().revision() || !settledAt(task).isAfter(settledBefore);
  }

  /** When the newest of the facts became true that make it a backend. */
  private static Instant settledAt(Task task) {
    Instant settled = task.seen().since();
    for (HealthResult result : task.seen().health()) {
      Instant first = result.firstSuccess();
      if (first != null && first.isAfter(settled)) {
        settled = first;
      }
    }
    return settled;
  }

  private int checks(Task task) {
    return world.specOf(task).map(AppSpec::healthChecks).map(List::size).orElse(0);
  }
}
