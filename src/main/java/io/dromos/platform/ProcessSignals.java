package io.dromos.platform;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. {@code sun.misc.Signal} is the only way there is, and is reached
 * by reflection: the compiler's warning about it can't be switched off.
 */
public final class ProcessSignals {
  private ProcessSignals() {}

  /**
   * From now on the signal ({@code TERM}, without SIG) runs {@code action}, on a thread of its own,
   * instead of what the JVM does. One that is ignored, under nohup or in the background of a
   * script, stays ignored.
   *
   * @throws IllegalStateException when this JVM cannot
   */
  public static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              ProcessSignals.class.getClassLoader(),
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
        signal.getMethod("handle", signal, handler).invoke(null, wanted, ignore);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM can't handle SIG" + name, e);
    }
  }
}
