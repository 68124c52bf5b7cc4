package io.dromos.platform;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How the launcher asks the application to come to rest before it is undeployed: by the time the
 * container tells it, its database pool is gone. This class is the launcher's own, and the
 * application's loader asks its parent first, so both see the same one. On a server that was not
 * started by the launcher nobody runs it.
 */
public final class StopHook {
  private static final AtomicReference<Runnable> HOOK = new AtomicReference<>(() -> {});

  private StopHook() {}

  public static void set(Runnable hook) {
    HOOK.set(hook);
  }

  /** Runs what was set, once. */
  public static void run() {
    HOOK.getAndSet(() -> {}).run();
  }
}
