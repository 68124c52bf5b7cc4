package io.dromos.launcher;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for SIGTERM, SIGINT or SIGHUP. Payara registers a shutdown hook that would run beside ours
 * in no order, so the signals are taken instead. {@code sun.misc.Signal} is the only way there is,
 * and is reached by reflection: the compiler's warning about it can't be switched off.
 */
final class StopSignals {
  private StopSignals() {}

  static void await() {
    CountDownLatch stop = new CountDownLatch(1);
    for (String name : List.of("TERM", "INT", "HUP")) {
      handle(name, stop::countDown);
    }
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
