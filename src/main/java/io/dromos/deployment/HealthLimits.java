package io.dromos.deployment;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.time.Duration;

/**
 * How far health checks are believed.
 *
 * @param massShare share of all tasks ever healthy that must turn unhealthy together for kills to
 *     stop; 0 for never
 * @param massMinimum fewer than so many are no mass failure
 * @param replaceFirst longest wait for the replacement of an unhealthy task before that is stopped;
 *     zero stops it at once, as Marathon does
 */
public record HealthLimits(double massShare, int massMinimum, Duration replaceFirst) {
  public static final HealthLimits DEFAULT = new HealthLimits(0.5, 5, Duration.ofMinutes(2));

  /** From {@code dromos.health.mass-failure-share} and {@code dromos.health.replace-first}. */
  public static HealthLimits from(Settings settings) {
    return new HealthLimits(
        settings.fraction(Setting.HEALTH_MASS_SHARE),
        DEFAULT.massMinimum(),
        Duration.ofSeconds(settings.integer(Setting.HEALTH_REPLACE_FIRST, 0, 86_400)));
  }
}
