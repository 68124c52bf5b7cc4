package io.dromos.launcher;

import io.dromos.platform.ProcessSignals;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/**
 * Takes SIGTERM, SIGINT and SIGHUP. Payara registers a shutdown hook that would run beside ours in
 * no order, so the signals are taken instead, from before anything is started: a database that is
 * just coming up is a process of its own and would outlive a start that was given up.
 */
final class StopSignals {
  /** What the kernel adds the number of a signal to for the status of who died of it. */
  private static final int DIED_OF = 128;

  private final IntConsumer whileStarting;
  private final CountDownLatch stop = new CountDownLatch(1);
  private boolean started;
  private boolean givenUp;

  private StopSignals(IntConsumer whileStarting) {
    this.whileStarting = whileStarting;
  }

  /**
   * From now on signals are ours.
   *
   * @param whileStarting gives the start up and ends this JVM; called once at most, on a thread of
   *     the signal's, with the exit status of who died of that signal
   */
  static StopSignals take(IntConsumer whileStarting) {
    StopSignals signals = new StopSignals(whileStarting);
    for (Map.Entry<String, Integer> signal : Map.of("TERM", 15, "INT", 2, "HUP", 1).entrySet()) {
      ProcessSignals.handle(signal.getKey(), () -> signals.arrived(signal.getValue()));
    }
    return signals;
  }

  /** The node is up: the next signal ends this wait. */
  void await() {
    synchronized (this) {
      started = true;
    }
    park();
  }

  /** If the start is being given up, whoever does that has the last word: never returns then. */
  void parkIfGivenUp() {
    boolean park;
    synchronized (this) {
      park = givenUp;
    }
    if (park) {
      park();
    }
  }

  private void arrived(int number) {
    synchronized (this) {
      if (started && !givenUp) {
        stop.countDown();
        return;
      }
      if (givenUp) {
        return;
      }
      givenUp = true;
    }
    whileStarting.accept(DIED_OF + number);
  }

  private void park() {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
