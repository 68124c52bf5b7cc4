package io.dromos.agent;

import io.dromos.runtime.RuntimeStatus;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent does about one task in one turn: tells what it saw, and acts. Decided from the
 * task's goal and last observation on the one side, and what its runtime sees now on the other.
 *
 * @param event what was seen, to be committed before anything is done; null when nothing is new
 */
record Duty(@Nullable TaskEvent event, Act act) {
  /** What is done after the commit. */
  enum Act {
    NONE,
    LAUNCH,
    STOP,
    FORGET
  }

  /**
   * What the decision depends on besides the task itself.
   *
   * @param unavailable why the runtime cannot be used, or empty: then what it lists is all there is
   * @param drained every plane has stopped sending the task new connections, or had its time
   */
  record Circumstances(Optional<String> unavailable, boolean drained, Instant now) {}

  private static final Duty NOTHING = new Duty(null, Act.NONE);

  static Duty of(Task task, @Nullable RuntimeStatus status, Circumstances circumstances) {
    if (!task.isActive()) {
      return afterTheEnd(status);
    }
    boolean wanted = task.goal().wantsRunning();
    if (status instanceof RuntimeStatus.Ended ended) {
      return seen(new TaskEvent.Exited(ended.at(), ended.exitCode(), !wanted, ended.message()));
    }
    if (status instanceof RuntimeStatus.Failed failed) {
      return seen(
          wanted
              ? new TaskEvent.LaunchFailed(failed.at(), failed.permanent(), failed.message())
              : new TaskEvent.Exited(failed.at(), null, true, failed.message()));
    }
    return wanted
        ? keepRunning(task, status, circumstances)
        : bringDown(task, status, circumstances);
  }

  private static Duty keepRunning(
      Task task, @Nullable RuntimeStatus status, Circumstances circumstances) {
    Instant now = circumstances.now();
    if (status instanceof RuntimeStatus.Running running) {
      return task.isRunning()
          ? NOTHING
          : seen(
              new TaskEvent.Started(running.startedAt(), running.runtimeId(), running.addresses()));
    }
    if (status instanceof RuntimeStatus.Preparing preparing) {
      return seen(new TaskEvent.Starting(now, preparing.message()));
    }
    boolean neverRan = task.state() == TaskState.STAGING || task.state() == TaskState.STARTING;
    if (circumstances.unavailable().isPresent()) {
      // What cannot be asked is not gone; what was not begun yet waits and says why.
      return neverRan
          ? seen(new TaskEvent.Starting(now, circumstances.unavailable().get()))
          : NOTHING;
    }
    return neverRan
        ? new Duty(new TaskEvent.Starting(now, ""), Act.LAUNCH)
        : seen(new TaskEvent.Vanished(now, "The runtime has no trace of the task"));
  }

  private static Duty bringDown(
      Task task, @Nullable RuntimeStatus status, Circumstances circumstances) {
    Instant now = circumstances.now();
    if (status instanceof RuntimeStatus.Preparing) {
      return new Duty(new TaskEvent.Stopping(now), Act.STOP);
    }
    if (status instanceof RuntimeStatus.Running) {
      return circumstances.drained() || task.state() == TaskState.KILLING
          ? new Duty(new TaskEvent.Stopping(now), Act.STOP)
          : NOTHING;
    }
    // Nothing is launched out of STAGING, so there is nothing to ask the runtime about.
    boolean surelyGone = task.state() == TaskState.STAGING || circumstances.unavailable().isEmpty();
    return surelyGone
        ? seen(new TaskEvent.Exited(now, null, true, "Stopped; nothing of it is left"))
        : NOTHING;
  }

  /** The end is committed. What still runs under that id is stopped, what is left is dropped. */
  private static Duty afterTheEnd(@Nullable RuntimeStatus status) {
    if (status instanceof RuntimeStatus.Running || status instanceof RuntimeStatus.Preparing) {
      return new Duty(null, Act.STOP);
    }
    return status == null ? NOTHING : new Duty(null, Act.FORGET);
  }

  private static Duty seen(TaskEvent event) {
    return new Duty(event, Act.NONE);
  }
}
