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
 * throws is logged and tried again after {@code retryMillis}. Nothing runs after {@link #close}
 * returns.
 */
public final class SignalLoop implements AutoCloseable {
  /** One pass. */
  @FunctionalInterface
  public interface Turn {
    void run() throws Exception;
  }

  private static final Logger LOG = System.getLogger(SignalLoop.class.getName());

  private final String name;
  private final Turn turn;
  private final long retryMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Thread thread;
  private boolean signalled;
  private boolean closed;
  private @Nullable String lastFailure;

  public SignalLoop(String name, Turn turn, ThreadFactory threads, long retryMillis) {
    this.name = name;
    this.turn = turn;
    this.retryMillis = retryMillis;
    this.thread = threads.newThread(this::loop);
    this.thread.setName("dromos-" + name);
  }

  public SignalLoop start() {
    thread.start();
    return this;
  }

  /** Asks for a turn, soon. */
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
    boolean interrupted = false;
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      thread.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (awaitSignal()) {
      try {
        turn.run();
        if (lastFailure != null) {
          LOG.log(Level.INFO, "{0} works again", name);
          lastFailure = null;
        }
      } catch (Exception e) {
        if (isClosed()) {
          return;
        }
        String failure = String.valueOf(e);
        if (!failure.equals(lastFailure)) {
          LOG.log(Level.WARNING, name + " failed, retrying: " + failure, e);
          lastFailure = failure;
        }
        pauseThenSignal();
      }
    }
  }

  private boolean awaitSignal() {
    lock.lock();
    try {
      while (!signalled && !closed) {
        wake.awaitUninterruptibly();
      }
      signalled = false;
      return !closed;
    } finally {
      lock.unlock();
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
