package io.dromos.launcher;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/**
 * Takes SIGTERM, SIGINT and SIGHUP. Payara registers a shutdown hook that would run beside ours in
 * no order, so the signals are taken instead, from before anything is started: a database that is
 * just coming up is a process of its own and would outlive a start that was given up. {@code
 * sun.misc.Signal} is the only way there is, and is reached by reflection: the compiler's warning
 * about it can't be switched off.
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
      handle(signal.getKey(), () -> signals.arrived(signal.getValue()));
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

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      Object wanted = signal.getConstructor(String.class).newInstance(name);
      Object before = signal.getMethod("handle", signal, handler).invoke(null, wanted, ours);
      Object ignore = handler.getField("SIG_IGN").get(null);
      if (before == ignore) {
        // Under nohup, or in the background of a script: stays ignored.
        signal.getMethod("handle", signal, handler).invoke(null, wanted, ignore);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM can't handle SIG" + name, e);
    }
  }
}
