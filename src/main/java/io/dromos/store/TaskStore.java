package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.Transition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks: the leader's goals and the agents' observations, two tables, so that the two never write
 * the same row.
 */
public interface TaskStore {
  List<Task> all();

  List<Task> ofAgent(String agent);

  Optional<Task> find(TaskId id);

  /** Leader: new goals, each with its observation in STAGING. */
  void launch(Collection<TaskGoal> goals);

  /** Leader: these are wanted gone; tasks that already are keep their reason. */
  void kill(Collection<TaskId> ids, KillReason reason, Instant now);

  /** Leader: forget ended tasks. */
  void expunge(Collection<TaskId> ids);

  /**
   * Agent: what was seen, in one batch. A transition whose {@code before} is no longer what is
   * stored is not applied.
   *
   * @return the transitions that were applied
   */
  List<Transition> observe(Collection<Transition> transitions);

  /** Newest failure by app. */
  Map<AppId, TaskFailure> lastFailures();

  void recordFailure(TaskFailure failure);

  void forgetFailure(AppId app);
}
