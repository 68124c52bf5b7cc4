package io.dromos.app;

/** Launch backoff: first delay, growth factor, and the ceiling; seconds. */
public record BackoffSpec(int backoffSeconds, double backoffFactor, int maxLaunchDelaySeconds) {
  public static final BackoffSpec DEFAULT = new BackoffSpec(1, 1.15, 300);
}
