package io.dromos.health;

import io.dromos.app.HealthCheck;
import io.dromos.task.HealthResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a check is made, and what its outcome means (marathon-api reference, 5.7).
 *
 * <p>Failures before the first success within the grace period are ignored entirely, so a check may
 * be made more often then without harm: it begins after 200 ms and slows down to its interval. A
 * task that is up is known to be so at once, and not after Marathon's 5 seconds.
 */
final class CheckSchedule {
  private static final Duration EAGER_FIRST = Duration.ofMillis(200);

  private CheckSchedule() {}

  /** How long after the task began to be watched the first probe is made. */
  static Duration first(HealthCheck check, HealthResult known) {
    if (known.firstSuccess() != null) {
      return min(interval(check), Duration.ofSeconds(1));
    }
    // A delay is part of the definition where the agent probes; elsewhere it is always shown as 15.
    return check.protocol().isAgentRun()
        ? Duration.ofSeconds(Math.max(0, check.delaySeconds()))
        : min(interval(check), EAGER_FIRST);
  }

  /** How long after a probe the next one is made; {@code last} is the pause before that probe. */
  static Duration next(
      HealthCheck check, HealthResult result, Duration last, Instant startedAt, Instant now) {
    boolean eager =
        result.firstSuccess() == null
            && !check.protocol().isAgentRun()
            && inGrace(check, startedAt, now.plus(interval(check)));
    return eager ? min(interval(check), last.multipliedBy(2)) : interval(check);
  }

  /** The result after an outcome; nothing when the outcome doesn't count. */
  static Optional<HealthResult> judge(
      HealthCheck check,
      HealthResult before,
      ProbeOutcome outcome,
      Instant startedAt,
      Instant now) {
    if (outcome instanceof ProbeOutcome.Dead dead) {
      return before.firstSuccess() == null && inGrace(check, startedAt, now)
          ? Optional.empty()
          : Optional.of(before.failed(now, dead.cause()));
    }
    return outcome instanceof ProbeOutcome.Alive
        ? Optional.of(before.succeeded(now))
        : Optional.empty();
  }

  private static boolean inGrace(HealthCheck check, Instant startedAt, Instant now) {
    return now.isBefore(startedAt.plusSeconds(check.gracePeriodSeconds()));
  }

  private static Duration interval(HealthCheck check) {
    return Duration.ofSeconds(Math.max(1, check.intervalSeconds()));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
