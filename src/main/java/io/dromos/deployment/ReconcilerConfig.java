package io.dromos.deployment;

import java.time.Duration;
import java.time.Instant;

/**
 * The time limits of a turn.
 *
 * @param launchTimeout a task that is not running this long after it was placed is overdue
 *     (Marathon's {@code task_launch_timeout})
 * @param agentSilence an agent silent for this long gets no tasks, and its planes are not waited
 *     for
 * @param agentTimeout an agent silent for this long is lost, and its tasks are unreachable
 * @param ackTimeout longest wait for planes to serve an arrived task
 * @param health how far health checks are believed
 * @param watchingSince when this leader began to watch without a break; silence before that proves
 *     nothing
 */
public record ReconcilerConfig(
    Duration launchTimeout,
    Duration agentSilence,
    Duration agentTimeout,
    Duration ackTimeout,
    HealthLimits health,
    Instant watchingSince) {
  /**
   * Marathon's launch timeout, and silences short enough for a laptop and long enough for a pause.
   */
  public static ReconcilerConfig of(Duration ackTimeout, Instant watchingSince) {
    return new ReconcilerConfig(
        Duration.ofSeconds(300),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        ackTimeout,
        HealthLimits.DEFAULT,
        watchingSince);
  }

  public ReconcilerConfig health(HealthLimits limits) {
    return new ReconcilerConfig(
        launchTimeout, agentSilence, agentTimeout, ackTimeout, limits, watchingSince);
  }

  public ReconcilerConfig watchingSince(Instant instant) {
    return new ReconcilerConfig(
        launchTimeout, agentSilence, agentTimeout, ackTimeout, health, instant);
  }
}
