package io.dromos.task;

import static io.dromos.task.TaskEffect.COUNT_FAILURE;
import static io.dromos.task.TaskEffect.KILL;
import static io.dromos.task.TaskEffect.PUBLISH_HEALTH;
import static io.dromos.task.TaskEffect.PUBLISH_STATUS;
import static io.dromos.task.TaskEffect.RECORD_FAILURE;
import static io.dromos.task.TaskEffect.WITHDRAW_ROUTE;
import static io.dromos.task.TaskState.DROPPED;
import static io.dromos.task.TaskState.ERROR;
import static io.dromos.task.TaskState.FAILED;
import static io.dromos.task.TaskState.FINISHED;
import static io.dromos.task.TaskState.GONE;
import static io.dromos.task.TaskState.KILLED;
import static io.dromos.task.TaskState.KILLING;
import static io.dromos.task.TaskState.RUNNING;
import static io.dromos.task.TaskState.STAGING;
import static io.dromos.task.TaskState.STARTING;
import static io.dromos.task.TaskState.UNREACHABLE;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of a task as a table: which state may follow which, and what each entry into a state
 * asks for. Illegal combinations change nothing but are reported, and may still demand a kill.
 */
public final class TaskTransitions {
  private static final Map<TaskState, Set<TaskState>> LEGAL = new EnumMap<>(TaskState.class);
  private static final Map<TaskState, Set<TaskEffect>> ON_ENTRY = new EnumMap<>(TaskState.class);

  static {
    Set<TaskState> ends = EnumSet.of(FINISHED, FAILED, KILLED, ERROR, DROPPED, GONE);
    LEGAL.put(STAGING, plus(ends, STARTING, RUNNING, KILLING, UNREACHABLE));
    LEGAL.put(STARTING, plus(ends, RUNNING, KILLING, UNREACHABLE));
    LEGAL.put(RUNNING, plus(ends, KILLING, UNREACHABLE));
    LEGAL.put(KILLING, plus(ends, UNREACHABLE));
    LEGAL.put(UNREACHABLE, plus(ends, RUNNING, KILLING));
    for (TaskState state : TaskState.values()) {
      LEGAL.putIfAbsent(state, Set.of());
    }

    ON_ENTRY.put(STARTING, EnumSet.of(PUBLISH_STATUS));
    ON_ENTRY.put(RUNNING, EnumSet.of(PUBLISH_STATUS));
    ON_ENTRY.put(KILLING, EnumSet.of(PUBLISH_STATUS));
    ON_ENTRY.put(UNREACHABLE, EnumSet.of(WITHDRAW_ROUTE, PUBLISH_STATUS));
    ON_ENTRY.put(FINISHED, EnumSet.of(WITHDRAW_ROUTE, COUNT_FAILURE, PUBLISH_STATUS));
    ON_ENTRY.put(KILLED, EnumSet.of(WITHDRAW_ROUTE, PUBLISH_STATUS));
    for (TaskState failure : List.of(FAILED, ERROR, DROPPED, GONE)) {
      ON_ENTRY.put(
          failure, EnumSet.of(WITHDRAW_ROUTE, COUNT_FAILURE, RECORD_FAILURE, PUBLISH_STATUS));
    }
  }

  private TaskTransitions() {}

  /** What follows from {@code event} for a task last seen as {@code seen}. */
  public static Transition next(TaskObservation seen, TaskEvent event) {
    if (event instanceof TaskEvent.Probed probed) {
      return probed(seen, probed);
    }
    if (event instanceof TaskEvent.ReadinessProbed probed) {
      return seen.state().isTerminal()
          ? new Transition(seen, seen, Set.of(), false)
          : new Transition(seen, seen.withReadiness(probed.results()), Set.of(), true);
    }
    TaskState target = target(event);
    if (seen.state() == target) {
      return repeated(seen, event);
    }
    if (!LEGAL.getOrDefault(seen.state(), Set.of()).contains(target)) {
      boolean undead = seen.state().isTerminal() && event instanceof TaskEvent.Started;
      return new Transition(seen, seen, undead ? Set.of(KILL) : Set.of(), false);
    }
    return new Transition(
        seen, entered(seen, target, event), ON_ENTRY.getOrDefault(target, Set.of()), true);
  }

  /** The states that may directly follow {@code from}. */
  public static Set<TaskState> successors(TaskState from) {
    return Set.copyOf(LEGAL.getOrDefault(from, Set.of()));
  }

  /** What entering {@code state} asks for. */
  public static Set<TaskEffect> effectsOfEntering(TaskState state) {
    return Set.copyOf(ON_ENTRY.getOrDefault(state, Set.of()));
  }

  private static TaskState target(TaskEvent event) {
    if (event instanceof TaskEvent.Starting) {
      return STARTING;
    } else if (event instanceof TaskEvent.Started) {
      return RUNNING;
    } else if (event instanceof TaskEvent.Stopping) {
      return KILLING;
    } else if (event instanceof TaskEvent.Exited exited) {
      if (exited.wasAskedToStop()) {
        return KILLED;
      }
      Integer code = exited.exitCode();
      return code != null && code == 0 ? FINISHED : FAILED;
    } else if (event instanceof TaskEvent.LaunchFailed failed) {
      return failed.permanent() ? ERROR : DROPPED;
    } else if (event instanceof TaskEvent.Vanished) {
      return GONE;
    } else if (event instanceof TaskEvent.AgentLost) {
      return UNREACHABLE;
    }
    throw new IllegalArgumentException("no target state for " + event);
  }

  private static TaskObservation entered(TaskObservation seen, TaskState target, TaskEvent event) {
    Instant startedAt = seen.startedAt();
    String runtimeId = seen.runtimeId();
    Integer exitCode = seen.exitCode();
    List<String> addresses = seen.addresses();
    String message = "";
    if (event instanceof TaskEvent.Started started) {
      addresses = started.addresses();
      startedAt = startedAt == null ? started.at() : startedAt;
      runtimeId = started.runtimeId();
    } else if (event instanceof TaskEvent.Starting starting) {
      message = starting.message();
    } else if (event instanceof TaskEvent.Exited exited) {
      exitCode = exited.exitCode();
      message = exited.message();
    } else if (event instanceof TaskEvent.LaunchFailed failed) {
      message = failed.message();
    } else if (event instanceof TaskEvent.Vanished vanished) {
      message = vanished.message();
    }
    return new TaskObservation(
        seen.id(),
        target,
        event.at(),
        startedAt,
        message,
        exitCode,
        runtimeId,
        seen.health(),
        seen.readiness(),
        addresses,
        seen.revision());
  }

  private static Transition repeated(TaskObservation seen, TaskEvent event) {
    TaskObservation next = seen;
    if (event instanceof TaskEvent.Starting starting
        && !starting.message().equals(seen.message())) {
      next = seen.withMessage(starting.message());
    }
    return new Transition(seen, next, Set.of(), true);
  }

  private static Transition probed(TaskObservation seen, TaskEvent.Probed event) {
    if (seen.state().isTerminal()) {
      return new Transition(seen, seen, Set.of(), false);
    }
    Boolean before = aggregate(seen.health());
    Boolean after = aggregate(event.results());
    return new Transition(
        seen,
        seen.withHealth(event.results()),
        java.util.Objects.equals(before, after) ? Set.of() : Set.of(PUBLISH_HEALTH),
        true);
  }

  private static @Nullable Boolean aggregate(List<HealthResult> results) {
    return results.isEmpty() ? null : results.stream().allMatch(HealthResult::alive);
  }

  private static Set<TaskState> plus(Set<TaskState> base, TaskState... more) {
    EnumSet<TaskState> all = EnumSet.copyOf(base);
    all.addAll(List.of(more));
    return all;
  }
}
