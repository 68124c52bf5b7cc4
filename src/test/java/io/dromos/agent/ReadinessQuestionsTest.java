package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.dromos.app.AppSpec;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.platform.ThreadLoops;
import io.dromos.store.Samples;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.ReadinessResult;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskTransitions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessQuestionsTest {
  private static final ReadinessResult READY = new ReadinessResult("warm", true, null);

  private final Stores stores = MemoryStores.create(Clock.systemUTC());
  private final BlockingQueue<TaskId> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> news = new LinkedBlockingQueue<>();
  private final Definitions definitions = new Definitions(stores.apps());
  private final AppSpec app = AnApp.called("/web").readinessCheck("warm").spec();
  private final Task task = running(app);
  private final ReadinessQuestions questions =
      new ReadinessQuestions(
          stores.deployments(),
          (target, index) -> {
            asked.add(target.id());
            return READY;
          },
          new ThreadLoops(
              work -> {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                return thread;
              }),
          Clock.systemUTC(),
          () -> news.add(true));

  @BeforeEach
  void store() {
    stores.transactions().run(() -> stores.apps().save(app));
  }

  @AfterEach
  void close() {
    questions.close();
  }

  @Test
  void aTaskIsAskedWhileADeploymentWaitsAndItsAnswerIsNewsOnce() throws Exception {
    stores
        .transactions()
        .run(() -> stores.deployments().save(Samples.deployment("d", Instant.now(), "/web")));
    turn(task);
    assertEquals(task.id(), asked.poll(10, TimeUnit.SECONDS));
    assertEquals(true, news.poll(10, TimeUnit.SECONDS));
    TaskEvent event = questions.news(task, app, Instant.now());
    assertEquals(List.of(READY), ((TaskEvent.ReadinessProbed) event).results());
    Task ready = new Task(task.goal(), TaskTransitions.next(task.seen(), event).next());
    assertNull(questions.news(ready, app, Instant.now()), "it is written down");
    turn(ready);
    turn(ready);
    assertNull(asked.poll(300, TimeUnit.MILLISECONDS), "ready for good");
  }

  @Test
  void nobodyIsAskedWithoutADeployment() throws Exception {
    turn(task);
    Deployment ended =
        Samples.deployment("d", Instant.now(), "/web")
            .ended(Deployment.Status.SUCCEEDED, null, Instant.now());
    stores.transactions().run(() -> stores.deployments().save(ended));
    turn(task);
    assertNull(asked.poll(300, TimeUnit.MILLISECONDS));
    assertNull(questions.news(task, app, Instant.now()));
  }

  @Test
  void aDeploymentOfAnotherAppAsksNobodyHere() throws Exception {
    stores
        .transactions()
        .run(() -> stores.deployments().save(Samples.deployment("d", Instant.now(), "/db")));
    turn(task);
    assertNull(asked.poll(300, TimeUnit.MILLISECONDS));
  }

  private void turn(Task seen) {
    stores
        .transactions()
        .run(
            () -> {
              definitions.refresh(List.of(seen));
              questions.refresh(List.of(seen), definitions);
            });
    questions.keep(List.of(seen), definitions);
  }

  private static Task running(AppSpec app) {
    TaskId id = TaskId.create(app.id(), "c7c311a4-b669-11e6-a48f-0ea4f4b1778c");
    Instant now = Instant.now();
    return new Task(
        Samples.goal(id, app, "n1"),
        TaskTransitions.next(TaskObservation.staging(id, now), new TaskEvent.Started(now, "1"))
            .next());
  }
}
