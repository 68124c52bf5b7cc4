package io.dromos.health;

/** Asks a task whether it does its work; blocks until it is answered or its timeout is over. */
@FunctionalInterface
public interface Probe {
  /**
   * @param index of the check among those of {@code target}
   */
  ProbeOutcome probe(ProbeTarget target, int index) throws InterruptedException;

  /** Ends what the probe holds open. */
  default void close() {}
}
