package io.dromos.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Result of one health check of one task (Marathon 1.11: {@code Health}). */
public record HealthResult(
    int consecutiveFailures,
    @Nullable Instant firstSuccess,
    @Nullable Instant lastSuccess,
    @Nullable Instant lastFailure,
    @Nullable String lastFailureCause) {
  public static final HealthResult UNKNOWN = new HealthResult(0, null, null, null, null);

  /** There is a success and it is newer than the last failure. */
  public boolean alive() {
    return lastSuccess != null && (lastFailure == null || lastSuccess.isAfter(lastFailure));
  }

  public HealthResult succeeded(Instant now) {
    return new HealthResult(
        0, firstSuccess == null ? now : firstSuccess, now, lastFailure, lastFailureCause);
  }

  public HealthResult failed(Instant now, String cause) {
    return new HealthResult(consecutiveFailures + 1, firstSuccess, lastSuccess, now, cause);
  }
}
