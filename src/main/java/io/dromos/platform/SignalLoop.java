package io.dromos.platform;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A level-triggered loop on one thread. Anyone may {@link #signal}; signals coalesce; a turn that
 * throws, an {@link Error} included, is logged and tried again after {@code retryMillis}: only
 * {@link #close} ends the loop. No turn begins after {@link #close}; one that takes longer than
 * close waits is interrupted. After a turn that took long the loop rests for as long, a quarter of
 * a second at most: where much happens at once, many small changes cost one turn and not one each.
 */
public final class SignalLoop implements Loops.Loop {
  /** One pass. */
  @FunctionalInterface
  public interface Turn {
    void run() throws Exception;
  }

  private static final Logger LOG = System.getLogger(SignalLoop.class.getName());

  /** How long close waits for a running turn, and then for its reaction to the interrupt. */
  private static final long TURN_MILLIS = 5_000;

  private static final long INTERRUPTED_MILLIS = 1_000;

  /** Turns up to this follow one another at once. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long BREAK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final String name;
  private final Turn turn;
  private final long retryMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Thread thread;
  private boolean signalled;
  private long nextTurn = System.nanoTime();
  private boolean closed;
  private @Nullable String lastFailure;

  public SignalLoop(String name, Turn turn, ThreadFactory threads, long retryMillis) {
    this.name = name;
    this.turn = turn;
    this.retryMillis = retryMillis;
    this.thread = threads.newThread(this::loop);
    this.thread.setName("dromos-" + name);
  }

  @Override
  public SignalLoop start() {
    thread.start();
    return this;
  }

  @Override
  public void signal() {
    lock.lock();
    try {
      signalled = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == thread) {
      // A turn that closes its own loop: it is the last one, and waiting for it would be for ever.
      return;
    }
    boolean interrupted = !joined(TURN_MILLIS);
    if (thread.isAlive()) {
      thread.interrupt();
      interrupted |= !joined(INTERRUPTED_MILLIS);
    }
    if (thread.isAlive()) {
      LOG.log(Level.WARNING, "{0} is closed, but its last turn does not end", name);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when the caller was interrupted while waiting. */
  private boolean joined(long millis) {
    try {
      thread.join(millis);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void loop() {
    while (awaitSignal()) {
      long began = System.nanoTime();
      try {
        turn.run();
        if (lastFailure != null) {
          LOG.log(Level.INFO, "{0} works again", name);
          lastFailure = null;
        }
      } catch (Throwable e) {
        // Errors too: memory comes back, and a loop that is silently gone would be a node that
        // looks alive and does nothing.
        if (isClosed()) {
          return;
        }
        report(e);
        pauseThenSignal();
      }
      breathe(System.nanoTime() - began);
    }
  }

  private void report(Throwable thrown) {
    try {
      String failure = String.valueOf(thrown);
      if (!failure.equals(lastFailure)) {
        LOG.log(Level.WARNING, name + " failed, retrying: " + failure, thrown);
        lastFailure = failure;
      }
    } catch (Throwable e) {
      // Without memory not even this can be said; the next turn may.
      lastFailure = "";
    }
  }

  /** A turn that took long is followed by a break, in which what comes in is gathered. */
  private void breathe(long took) {
    nextTurn = System.nanoTime() + (took < SHORT_NANOS ? 0 : Math.min(took, BREAK_NANOS));
  }

  private boolean awaitSignal() {
    lock.lock();
    try {
      while (!signalled && !closed) {
        wake.awaitUninterruptibly();
      }
      awaitBreak();
      signalled = false;
      // An interrupt that is not ours to obey: left pending, it would fail the turn's I/O.
      var unused = Thread.interrupted();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void awaitBreak() {
    long left = nextTurn - System.nanoTime();
    while (left > 0 && !closed) {
      try {
        left = wake.awaitNanos(left);
      } catch (InterruptedException e) {
        // Not ours to obey, see above; the break is over.
        return;
      }
    }
  }

  private void pauseThenSignal() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(retryMillis);
      while (left > 0 && !closed) {
        left = wake.awaitNanos(left);
      }
      signalled = true;
    } catch (InterruptedException e) {
      signalled = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
