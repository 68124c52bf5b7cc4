package io.dromos.dataplane.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that is moved far more often than it fires: moving it later costs a field write, the one
 * scheduled task looks again when it runs. Confined to its event loop.
 */
final class Deadline {
  private final EventExecutor loop;
  private @Nullable Runnable action;
  private long due;
  private @Nullable Future<?> scheduled;
  private long scheduledFor;

  Deadline(EventExecutor loop) {
    this.loop = loop;
  }

  void arm(long delayNanos, Runnable then) {
    due = System.nanoTime() + delayNanos;
    action = then;
    if (scheduled == null || scheduledFor - due > 0) {
      schedule(delayNanos);
    }
  }

  /** The task stays scheduled and finds nothing to do. */
  void disarm() {
    action = null;
  }

  void close() {
    action = null;
    if (scheduled != null) {
      scheduled.cancel(false);
      scheduled = null;
    }
  }

  private void schedule(long delayNanos) {
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    scheduledFor = due;
    scheduled = loop.schedule(this::fire, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void fire() {
    scheduled = null;
    Runnable then = action;
    if (then == null) {
      return;
    }
    long left = due - System.nanoTime();
    if (left > 0) {
      schedule(left);
    } else {
      action = null;
      then.run();
    }
  }
}
