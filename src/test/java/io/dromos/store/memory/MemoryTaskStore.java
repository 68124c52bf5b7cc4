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
import java.util.Objects;
import java.util.Optional;

/** Goals and observations. */
record MemoryTaskStore(MemoryDatabase database) implements TaskStore {
  @Override
  public List<Task> all() {
    return database.read(
        t ->
            t.goals.values().stream()
                .map(goal -> new Task(goal, Objects.requireNonNull(t.observations.get(goal.id()))))
                .toList());
  }

  @Override
  public List<Task> ofAgent(String agent) {
    return all().stream().filter(task -> task.goal().agent().equals(agent)).toList();
  }

  @Override
  public Changes changesOfAgents(String prefix, long revision) {
    List<Task> theirs =
        all().stream().filter(task -> task.goal().agent().startsWith(prefix)).toList();
    return new Changes(
        database.read(t -> t.revision),
        theirs.stream()
            .filter(task -> task.goal().revision() > revision || task.seen().revision() > revision)
            .toList(),
        theirs.size());
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
            t.observations.put(
                goal.id(),
                TaskObservation.staging(goal.id(), goal.stagedAt()).atRevision(revision));
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
            TaskObservation stored = database.read(t -> t.observations.get(transition.id()));
            if (transition.before().equals(stored)) {
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

  @Override
  public Map<AppId, TaskFailure> lastFailures() {
    return database.read(t -> Map.copyOf(t.failures));
  }

  @Override
  public void recordFailure(TaskFailure failure) {
    database.write(t -> t.failures.put(failure.appId(), failure));
  }

  @Override
  public void forgetFailure(AppId app) {
    database.write(t -> t.failures.remove(app));
  }
}
