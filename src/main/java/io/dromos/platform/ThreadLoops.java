package io.dromos.platform;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A thread for every loop, one for the timers of an owner, and as many as it takes for work. */
public final class ThreadLoops implements Loops {
  private final ThreadFactory threads;

  public ThreadLoops(ThreadFactory threads) {
    this.threads = threads;
  }

  @Override
  public Loop loop(String name, SignalLoop.Turn turn, long retryMillis) {
    return new SignalLoop(name, turn, threads, retryMillis);
  }

  @Override
  public Timers timers() {
    return new ThreadTimers(threads);
  }

  private static final class ThreadTimers implements Timers {
    private final ScheduledExecutorService scheduler;
    private final ExecutorService workers;

    ThreadTimers(ThreadFactory threads) {
      this.scheduler = Executors.newScheduledThreadPool(1, threads);
      this.workers = Executors.newCachedThreadPool(threads);
    }

    @Override
    public void after(Duration delay, Runnable work) {
      try {
        var unused = scheduler.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // Closed: nobody waits for it any more.
      }
    }

    @Override
    public void workAfter(Duration delay, Runnable work) {
      after(delay, () -> workers.execute(work));
    }

    @Override
    public void every(Duration first, Duration pause, Runnable work) {
      var unused =
          scheduler.scheduleWithFixedDelay(
              work, first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
      scheduler.shutdownNow();
      workers.shutdownNow();
    }
  }
}
