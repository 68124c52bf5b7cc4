package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.UnreachableStrategy;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The tasks of one app, each in exactly one bucket.
 *
 * @param wanted count as instances: wanted running and not ended
 * @param stopping wanted gone and not ended
 * @param away unreachable for longer than the app waits; replaced, killed if they come back
 * @param ended terminal
 */
record AppTasks(List<Task> wanted, List<Task> stopping, List<Task> away, List<Task> ended) {
  AppTasks {
    wanted = List.copyOf(wanted);
    stopping = List.copyOf(stopping);
    away = List.copyOf(away);
    ended = List.copyOf(ended);
  }

  /**
   * @param doomed tasks this turn decided to kill
   * @param lost tasks this turn declared unreachable
   */
  static AppTasks of(
      List<Task> tasks, World world, Set<TaskId> doomed, Set<TaskId> lost, Instant now) {
    List<Task> wanted = new ArrayList<>();
    List<Task> stopping = new ArrayList<>();
    List<Task> away = new ArrayList<>();
    List<Task> ended = new ArrayList<>();
    for (Task task : tasks) {
      if (!task.isActive()) {
        ended.add(task);
      } else if (isAway(task, world, lost, now)) {
        away.add(task);
      } else if (!task.goal().wantsRunning() || (!doomed.isEmpty() && doomed.contains(task.id()))) {
        stopping.add(task);
      } else {
        wanted.add(task);
      }
    }
    return new AppTasks(wanted, stopping, away, ended);
  }

  /** Still there, wanted or not. */
  boolean anyActive() {
    return !wanted.isEmpty() || !stopping.isEmpty() || !away.isEmpty();
  }

  /** An unreachable task that its app does not wait for any longer. */
  static boolean isGivenUp(Task task, World world, Instant now) {
    if (task.state() != TaskState.UNREACHABLE) {
      return false;
    }
    UnreachableStrategy strategy = strategyOf(task, world);
    return !strategy.disabled()
        && !task.seen().since().plusSeconds(strategy.expungeAfterSeconds()).isAfter(now);
  }

  private static UnreachableStrategy strategyOf(Task task, World world) {
    return world.specOf(task).map(AppSpec::unreachableStrategy).orElse(UnreachableStrategy.DEFAULT);
  }

  /** Asked of every task in every turn: what is in reach is told first. */
  private static boolean isAway(Task task, World world, Set<TaskId> lost, Instant now) {
    boolean lostNow = !lost.isEmpty() && lost.contains(task.id());
    if (!lostNow && task.state() != TaskState.UNREACHABLE) {
      return false;
    }
    UnreachableStrategy strategy = strategyOf(task, world);
    if (strategy.disabled()) {
      return false;
    }
    return lostNow
        ? strategy.inactiveAfterSeconds() == 0
        : !task.seen().since().plusSeconds(strategy.inactiveAfterSeconds()).isAfter(now);
  }

  /** Whether the task runs the configuration of {@code target}. */
  static boolean runsConfigOf(Task task, World world, AppSpec target) {
    return world
        .specOf(task)
        .map(spec -> spec.lastConfigChangeAt().equals(target.lastConfigChangeAt()))
        .orElse(false);
  }
}
