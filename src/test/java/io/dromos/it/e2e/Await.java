package io.dromos.it.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waiting on a condition with a deadline, never on the clock. */
public final class Await {
  private Await() {}

  /**
   * Asks again every 20 ms until {@code condition} is true; errors of the condition count as "not
   * yet".
   */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    value(what, limit, () -> condition.call() ? Boolean.TRUE : null);
  }

  /** Asks again every 20 ms until there is a value. */
  public static <T> T value(String what, Duration limit, Callable<@Nullable T> source) {
    long deadline = System.nanoTime() + limit.toNanos();
    Throwable last = null;
    do {
      try {
        T value = source.call();
        if (value != null) {
          return value;
        }
        last = null;
      } catch (Exception | AssertionError e) {
        last = e;
      }
      pause(Duration.ofMillis(20));
    } while (System.nanoTime() < deadline);
    throw new AssertionError("waited " + limit.toMillis() + " ms for: " + what, last);
  }

  /** The gap between two attempts of a bounded load or wait; proves nothing by itself. */
  public static void pause(Duration gap) {
    LockSupport.parkNanos(gap.toNanos());
  }
}
