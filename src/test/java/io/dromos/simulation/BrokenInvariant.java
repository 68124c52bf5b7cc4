package io.dromos.simulation;

/** A promise was broken. An error, so that no loop takes it for a failure to retry after. */
final class BrokenInvariant extends AssertionError {
  private static final long serialVersionUID = 1L;

  BrokenInvariant(String message) {
    super(message);
  }

  BrokenInvariant(String message, Throwable cause) {
    super(message, cause);
  }
}
