package io.dromos.deployment;

import io.dromos.app.AppId;
import java.time.Instant;

/**
 * Launch backoff of one app configuration (Marathon 1.11: {@code RateLimiter}).
 *
 * @param configVersion a config change or restart starts fresh; scaling keeps the delay
 * @param delayMillis current delay
 * @param notBefore next launch is not before this
 * @param failures how many failures led here
 */
public record LaunchDelay(
    AppId appId, Instant configVersion, long delayMillis, Instant notBefore, int failures) {}
