package io.dromos.task;

import org.jspecify.annotations.Nullable;

/**
 * What one readiness check of one task found last (Marathon 1.11: {@code ReadinessCheckResult}).
 *
 * @param name of the check, unique in its app
 * @param ready once true it stays true: the check isn't made any more
 * @param lastResponse only where the check preserves it
 */
public record ReadinessResult(String name, boolean ready, @Nullable LastResponse lastResponse) {
  /**
   * The answer itself.
   *
   * @param status HTTP status; 504 when there was no answer
   * @param contentType as answered, {@code text/plain} when the answer had none
   * @param body as text; the beginning of a long one
   */
  public record LastResponse(int status, String contentType, String body) {}
}
