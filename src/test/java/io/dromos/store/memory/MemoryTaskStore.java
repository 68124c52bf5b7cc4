package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.store.TaskStore;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Goals and observations. */
record MemoryTaskStore(MemoryDatabase database) implements TaskStore {
  @Override
  public List<Task> all() {
    return database.read(t -> t.goals.values().stream().map(goal -> task(t, goal)).toList());
  }

  /** As placed, until somebody says something about it. */
  private static Task task(MemoryDatabase.Tables tables, TaskGoal goal) {
    TaskObservation seen = tables.observations.get(goal.id());
    return seen == null ? Task.unseen(goal) : new Task(goal, seen);
  }

  @Override
  public List<Task> ofAgent(String agent) {
    return all().stream().filter(task -> task.goal().agent().equals(agent)).toList();
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return all().stream().filter(task -> task.id().equals(id)).findFirst();
  }

  @Override
  public void launch(Collection<TaskGoal> goals) {
    long revision = database.nextRevision();
    database.write(
        t -> {
          for (TaskGoal goal : goals) {
            if (t.goals.putIfAbsent(goal.id(), goal.atRevision(revision)) != null) {
              throw new IllegalStateException("launched twice: " + goal.id());
            }
          }
        });
  }

  @Override
  public void kill(Collection<TaskId> ids, KillReason reason, Instant now) {
    long revision = database.nextRevision();
    database.write(
        t ->
            ids.forEach(
                id ->
                    t.goals.computeIfPresent(
                        id,
                        (key, goal) ->
                            goal.wantsRunning()
                                ? goal.killed(reason, now).atRevision(revision)
                                : goal)));
  }

  @Override
  public void expunge(Collection<TaskId> ids) {
    database.nextRevision();
    database.write(
        t ->
            ids.forEach(
                id -> {
                  t.goals.remove(id);
                  t.observations.remove(id);
                }));
  }

  @Override
  public List<Transition> observe(Collection<Transition> transitions) {
    return database.inTransaction(
        () -> {
          List<Transition> applied = new ArrayList<>();
          for (Transition transition : transitions) {
            if (isOf(transition)) {
              applied.add(transition);
              if (transition.changesAnything()) {
                long revision = database.nextRevision();
                database.write(
                    t ->
                        t.observations.put(
                            transition.id(), transition.next().atRevision(revision)));
              }
            }
          }
          return applied;
        });
  }

  /** Whether what the decision was taken on is still so. */
  private boolean isOf(Transition transition) {
    TaskObservation before = transition.before();
    return database.read(
        t -> {
          TaskObservation stored = t.observations.get(transition.id());
          TaskGoal goal = t.goals.get(transition.id());
          return stored != null
              ? before.equals(stored)
              : goal != null
                  && before.equals(Task.unseen(goal.atRevision(before.revision())).seen());
        });
  }

  @Override
  public Map<AppId, TaskFailure> lastFailures() {
    return database.read(t -> Map.copyOf(t.failures));
  }

  @Override
  public void recordFailure(TaskFailure failure) {
    database.nextRevision();
    database.write(t -> t.failures.put(failure.appId(), failure));
  }

  @Override
  public void forgetFailure(AppId app) {
    database.writeIf(t -> t.failures.containsKey(app), t -> t.failures.remove(app));
  }
}
