package io.dromos.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting for something to become true, never for ever. */
final class LabWait {
  private static final long LOOK_MILLIS = 100;

  /** Something that becomes true; what it throws ends the waiting. */
  interface Condition {
    boolean holds() throws CommandFailedException;
  }

  private LabWait() {}

  static void until(String what, Duration limit, Condition condition)
      throws CommandFailedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() >= end) {
        throw new CommandFailedException(
            "waited " + limit.toSeconds() + " s in vain until " + what);
      }
      try {
        if (never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailedException("interrupted");
      }
    }
  }
}
