package io.dromos.health;

import io.dromos.task.ReadinessResult;

/** Asks a task whether it is ready; blocks until it is answered or its timeout is over. */
@FunctionalInterface
public interface ReadinessProbe {
  /**
   * @param index of the check among those of {@code target}
   */
  ReadinessResult probe(ReadinessTarget target, int index) throws InterruptedException;

  /** Ends what the probe holds open. */
  default void close() {}
}
