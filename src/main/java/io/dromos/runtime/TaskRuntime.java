package io.dromos.runtime;

import io.dromos.app.AppSpec;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts, watches, stops and recovers tasks of one kind on this node. Calls return quickly; long
 * work happens behind them and shows up in {@link #inspect}. Tasks outlive the process that started
 * them.
 */
public interface TaskRuntime {
  /** {@code process}, {@code docker} or {@code simulated}. */
  String name();

  /** The kinds of tasks it runs, as agents offer them: {@code process}, {@code docker}. */
  default Set<String> features() {
    return Set.of(name());
  }

  /** False when its tasks touch nothing of this machine. */
  default boolean needsSandbox() {
    return true;
  }

  boolean accepts(AppSpec app);

  /** Why this runtime cannot be used right now, in a sentence with the fix; empty when it can. */
  Optional<String> unavailable();

  /** Begins to start the task; a repeat with the same id finds the first attempt. */
  void launch(LaunchSpec spec);

  /** Every task of this runtime on this node that was not {@link #forget forgotten}. */
  Map<TaskId, RuntimeStatus> inspect();

  /**
   * Tasks whose process is gone, though the whole of their end is not known yet. They get no
   * traffic any more; everything else waits for {@link #inspect}.
   */
  default Set<TaskId> dying() {
    return Set.of();
  }

  /** SIGTERM now, SIGKILL after {@code grace}; returns at once and may be repeated. */
  void stop(TaskId id, Duration grace);

  /** Drops what is left of an ended task: container, supervisor files. Logs in the sandbox stay. */
  void forget(TaskId id);

  /**
   * Runs a command beside a running task, where and as the task itself runs, for a health check.
   *
   * @return its exit status
   * @throws IOException when it cannot be run or does not end in time; the message is the cause
   */
  int probe(LaunchSpec spec, String command, Duration timeout)
      throws IOException, InterruptedException;

  /** Called, on any thread, when something about a task changed; must only signal. */
  void onChange(Consumer<TaskId> listener);

  /** Stops watching; leaves tasks running. */
  void close();
}
