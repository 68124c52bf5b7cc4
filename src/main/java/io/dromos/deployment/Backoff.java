package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.BackoffSpec;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Launch backoff (Marathon 1.11: {@code RateLimiter}). The key is the app and its last config
 * change: scaling keeps a delay, a new configuration or a restart begins afresh. A task that is
 * placed or comes up restarts the clock of the current delay without shrinking it; a delay is
 * forgotten when the clock has not been touched for {@code maxLaunchDelaySeconds}.
 */
final class Backoff {
  private Backoff() {}

  /**
   * The delay after one more failure of the configuration that is being launched; a delay of
   * another one is over.
   */
  static LaunchDelay afterFailure(@Nullable LaunchDelay current, AppSpec failed, Instant at) {
    BackoffSpec spec = failed.backoff();
    long ceiling = spec.maxLaunchDelaySeconds() * 1000L;
    Instant config = failed.lastConfigChangeAt();
    if (current == null || !current.configVersion().equals(config)) {
      long first = Math.min(ceiling, spec.backoffSeconds() * 1000L);
      return new LaunchDelay(failed.id(), config, first, at.plusMillis(first), 1);
    }
    long next = Math.min(ceiling, Math.round(current.delayMillis() * spec.backoffFactor()));
    Instant notBefore = at.plusMillis(next);
    return new LaunchDelay(
        failed.id(),
        config,
        next,
        notBefore.isAfter(current.notBefore()) ? notBefore : current.notBefore(),
        current.failures() + 1);
  }

  /** True when the delay holds for launches of {@code spec}. */
  static boolean concerns(LaunchDelay delay, AppSpec spec) {
    return delay.configVersion().equals(spec.lastConfigChangeAt());
  }

  /** Earliest next launch, given the tasks of this configuration that are on their way or up. */
  static Instant notBefore(LaunchDelay delay, Collection<Task> tasks) {
    Instant latest = delay.notBefore();
    for (Task task : tasks) {
      Instant touched = later(task.goal().stagedAt(), task.seen().since());
      latest = later(latest, touched.plusMillis(delay.delayMillis()));
    }
    return latest;
  }

  static boolean isForgotten(LaunchDelay delay, AppSpec spec, Collection<Task> tasks, Instant now) {
    return notBefore(delay, tasks)
        .minusMillis(delay.delayMillis())
        .plusSeconds(Math.max(spec.backoff().maxLaunchDelaySeconds(), delay.delayMillis() / 1000))
        .isBefore(now);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
