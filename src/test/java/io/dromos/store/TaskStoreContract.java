package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import io.dromos.task.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Goals, observations, failures. */
public interface TaskStoreContract {
  Stores stores();

  private TaskStore tasks() {
    return stores().tasks();
  }

  private Task launched(String app, String agent) {
    TaskGoal goal = Samples.goal(app, agent);
    tasks().launch(List.of(goal));
    return task(goal.id());
  }

  private Task task(TaskId id) {
    return tasks().find(id).orElseThrow();
  }

  private Transition started(Task task) {
    return TaskTransitions.next(
        task.seen(), new TaskEvent.Started(Samples.T0.plusSeconds(1), "pid-1"));
  }

  @Test
  default void aLaunchedTaskIsStagingAtTheRevisionOfItsTransaction() {
    TaskGoal goal = Samples.goal("/a", "n1");
    tasks().launch(List.of(goal));
    Task task = task(goal.id());
    long revision = stores().revisions().current();
    assertEquals(goal.atRevision(revision), task.goal());
    assertEquals(TaskState.STAGING, task.state());
    assertEquals(goal.stagedAt(), task.seen().since());
    assertEquals(revision, task.seen().revision());
    assertEquals(List.of(task), tasks().all());
  }

  @Test
  default void tasksAreFoundByAgent() {
    Task one = launched("/a", "n1");
    launched("/a", "n2");
    assertEquals(List.of(one), tasks().ofAgent("n1"));
    assertTrue(tasks().ofAgent("n3").isEmpty());
    assertEquals(Optional.empty(), tasks().find(Samples.taskId("/a")));
  }

  @Test
  default void aKillKeepsItsFirstReason() {
    Task task = launched("/a", "n1");
    Instant when = Samples.T0.plusSeconds(9);
    tasks().kill(List.of(task.id(), Samples.taskId("/gone")), KillReason.REPLACED, when);
    TaskGoal killed = task(task.id()).goal();
    assertEquals(KillReason.REPLACED, killed.kill());
    assertEquals(when, killed.killAt());
    assertEquals(stores().revisions().current(), killed.revision());
    tasks().kill(List.of(task.id()), KillReason.USER, when.plusSeconds(1));
    assertEquals(killed, task(task.id()).goal());
  }

  @Test
  default void anObservationIsAppliedWithANewRevision() {
    Task task = launched("/a", "n1");
    Transition transition = started(task);
    assertEquals(List.of(transition), tasks().observe(List.of(transition)));
    Task after = task(task.id());
    assertEquals(TaskState.RUNNING, after.state());
    assertEquals("pid-1", after.seen().runtimeId());
    assertEquals(transition.next().atRevision(stores().revisions().current()), after.seen());
    assertTrue(after.seen().revision() > task.seen().revision());
    assertEquals(task.goal(), after.goal());
  }

  @Test
  default void anObservationOfWhatIsNoLongerStoredIsNotApplied() {
    Task task = launched("/a", "n1");
    Transition stale = started(task);
    tasks()
        .observe(
            List.of(
                TaskTransitions.next(task.seen(), new TaskEvent.Starting(Samples.T0, "pulling"))));
    long revision = stores().revisions().current();
    assertEquals(List.of(), tasks().observe(List.of(stale)));
    assertEquals(TaskState.STARTING, task(task.id()).state());
    assertEquals(revision, stores().revisions().current());
    Task unknown = new Task(Samples.goal("/x", "n1"), task.seen());
    tasks().expunge(List.of(unknown.seen().id()));
    assertEquals(List.of(), tasks().observe(List.of(stale)));
  }

  @Test
  default void anObservationThatChangesNothingTakesNoRevision() {
    Task task = launched("/a", "n1");
    tasks().observe(List.of(started(task)));
    long revision = stores().revisions().current();
    Transition repeat = started(task(task.id()));
    assertFalse(repeat.changesAnything());
    assertEquals(List.of(repeat), tasks().observe(List.of(repeat)));
    assertEquals(revision, stores().revisions().current());
  }

  @Test
  default void healthAndExitCodesAreKept() {
    Task task = launched("/a", "n1");
    tasks().observe(List.of(started(task)));
    HealthResult health =
        HealthResult.UNKNOWN
            .succeeded(Instant.parse("2026-11-02T10:00:00.123456789Z"))
            .failed(Samples.T0, "HTTP 503 \"busy\"");
    tasks()
        .observe(
            List.of(
                TaskTransitions.next(
                    task(task.id()).seen(), new TaskEvent.Probed(Samples.T0, List.of(health)))));
    assertEquals(List.of(health), task(task.id()).seen().health());
    tasks()
        .observe(
            List.of(
                TaskTransitions.next(
                    task(task.id()).seen(),
                    new TaskEvent.Exited(Samples.T0, 137, false, "killed by the kernel"))));
    assertEquals(137, task(task.id()).seen().exitCode());
    assertEquals(TaskState.FAILED, task(task.id()).state());
  }

  @Test
  default void thousandsOfTasksGoThroughInOneBatch() {
    List<TaskGoal> goals = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      goals.add(Samples.goal("/many", "n" + i % 7));
    }
    tasks().launch(goals);
    List<Transition> transitions = tasks().all().stream().map(this::started).toList();
    assertEquals(2_500, tasks().observe(transitions).size());
    assertEquals(2_500, tasks().all().stream().filter(Task::isRunning).count());
    List<TaskId> ids = goals.stream().map(TaskGoal::id).toList();
    tasks().kill(ids, KillReason.APP_STOPPED, Samples.T0);
    assertTrue(tasks().all().stream().noneMatch(task -> task.goal().wantsRunning()));
    tasks().expunge(ids);
    assertTrue(tasks().all().isEmpty());
  }

  @Test
  default void onlyTheNewestFailureOfAnAppIsKept() {
    tasks().recordFailure(Samples.failure("/a", "first"));
    tasks().recordFailure(Samples.failure("/a", "second"));
    tasks().recordFailure(Samples.failure("/b", "other"));
    Map<AppId, io.dromos.task.TaskFailure> failures = tasks().lastFailures();
    assertEquals(2, failures.size());
    assertNotNull(failures.get(AppId.of("/a")));
    assertEquals("second", failures.get(AppId.of("/a")).message());
    tasks().forgetFailure(AppId.of("/a"));
    assertEquals(java.util.Set.of(AppId.of("/b")), tasks().lastFailures().keySet());
  }
}
