package io.dromos.runtime;

import io.dromos.app.AppId;
import io.dromos.runtime.artifact.ArtifactLimits;
import io.dromos.runtime.artifact.Artifacts;
import io.dromos.task.TaskId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits until a runtime sees what a test expects. */
public final class RuntimeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private RuntimeProbe() {}

  public static TaskId id(String name) {
    return TaskId.create(AppId.of("/" + name), UUID.randomUUID().toString());
  }

  /** Artifacts kept below {@code dir}, a few MiB. */
  public static Artifacts artifacts(Path dir) {
    return new Artifacts(
        dir.resolve("artifacts"), new ArtifactLimits(1 << 20, 1 << 22), Clock.systemUTC());
  }

  public static RuntimeStatus.Running awaitRunning(TaskRuntime runtime, TaskId id)
      throws Exception {
    await(id + " runs", () -> runtime.inspect().get(id) instanceof RuntimeStatus.Running);
    return (RuntimeStatus.Running) runtime.inspect().get(id);
  }

  public static RuntimeStatus.Ended awaitEnded(TaskRuntime runtime, TaskId id) throws Exception {
    await(id + " ends", () -> runtime.inspect().get(id) instanceof RuntimeStatus.Ended);
    return (RuntimeStatus.Ended) runtime.inspect().get(id);
  }

  public static RuntimeStatus.Failed awaitFailed(TaskRuntime runtime, TaskId id) throws Exception {
    await(id + " fails", () -> runtime.inspect().get(id) instanceof RuntimeStatus.Failed);
    return (RuntimeStatus.Failed) runtime.inspect().get(id);
  }

  /** Leaves nothing of a task behind. */
  public static void end(TaskRuntime runtime, TaskId id) throws Exception {
    runtime.stop(id, Duration.ZERO);
    await(
        id + " is over",
        () ->
            !(runtime.inspect().get(id) instanceof RuntimeStatus.Running)
                && !(runtime.inspect().get(id) instanceof RuntimeStatus.Preparing));
    runtime.forget(id);
  }

  public static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
