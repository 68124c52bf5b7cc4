package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskTransitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image that is kept up to date by changes is what a reader who begins now would read. */
public interface WorldImageContract {
  Stores stores();

  /** A reader of the same store that knows nothing yet. */
  WorldReader newReader();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  default void whateverHappensTheImageIsTheWhole(long seed) {
    Random random = new Random(seed);
    WorldReader follower = newReader();
    WorldReader sluggard = newReader();
    for (int step = 0; step < 120; step++) {
      String where = "seed " + seed + ", step " + step;
      int changes = 1 + random.nextInt(4);
      boolean fails = random.nextInt(5) == 0;
      Runnable transaction =
          () ->
              stores()
                  .transactions()
                  .run(
                      () -> {
                        for (int i = 0; i < changes; i++) {
                          change(random);
                          if (random.nextInt(4) == 0) {
                            assertSame(newReader().load(), follower.load(), where + ", inside");
                          }
                        }
                        if (fails) {
                          throw new IllegalStateException("rolled back");
                        }
                      });
      if (fails) {
        assertThrows(IllegalStateException.class, transaction::run);
      } else {
        transaction.run();
      }
      World whole = newReader().load();
      assertSame(whole, follower.load(), where);
      assertSame(whole, stores().world().load(), where);
      if (random.nextInt(10) == 0) {
        assertSame(whole, sluggard.load(), where + ", after a while");
      }
      if (random.nextInt(30) == 0) {
        stores().revisions().prune(Duration.ofHours(-1));
      }
    }
  }

  @Test
  default void anImageOlderThanTheOldestTombstoneStartsAnew() {
    AppSpec app = Samples.app("/a", Samples.T0);
    stores().apps().save(app);
    WorldReader sluggard = newReader();
    assertEquals(Set.of(app.id()), sluggard.load().apps().keySet());
    stores().apps().remove(app.id());
    stores().revisions().prune(Duration.ofHours(-1));
    assertEquals(Set.of(), sluggard.load().apps().keySet());
  }

  private void change(Random random) {
    World world = stores().world().load();
    AppId id = AppId.of("/app_" + random.nextInt(4));
    Instant later = Samples.T0.plusSeconds(random.nextInt(100_000));
    Optional<AppSpec> app = stores().apps().find(id);
    switch (random.nextInt(14)) {
      case 0, 1 -> stores().apps().save(Samples.app(id.path(), later));
      case 2 -> app.ifPresent(spec -> stores().apps().remove(spec.id()));
      case 3 -> stores().apps().forget(id);
      case 4, 5, 6 -> launch(world, id, random);
      case 7 -> kill(world, random);
      case 8, 9 -> observe(world, random, later);
      case 10 -> expunge(world, random);
      case 11 -> deployments(world, id, random, later);
      case 12 -> waiting(id, random);
      default -> agents(random);
    }
  }

  private void launch(World world, AppId id, Random random) {
    List<AppSpec> specs =
        List.copyOf(world.versions().getOrDefault(id, java.util.Map.of()).values());
    if (!specs.isEmpty()) {
      List<TaskGoal> goals = new ArrayList<>();
      AppSpec spec = specs.get(random.nextInt(specs.size()));
      for (int i = 0; i <= random.nextInt(3); i++) {
        goals.add(Samples.goal(Samples.taskId(id.path()), spec, "n" + random.nextInt(3)));
      }
      stores().tasks().launch(goals);
    }
  }

  private void kill(World world, Random random) {
    pick(world, random)
        .ifPresent(t -> stores().tasks().kill(List.of(t.id()), KillReason.REPLACED, Samples.T0));
  }

  private void observe(World world, Random random, Instant at) {
    pick(world, random)
        .ifPresent(
            t ->
                stores()
                    .tasks()
                    .observe(
                        List.of(
                            TaskTransitions.next(
                                t.seen(),
                                random.nextBoolean()
                                    ? new TaskEvent.Started(at, "pid")
                                    : new TaskEvent.Exited(at, 1, false, "gone")))));
  }

  private void expunge(World world, Random random) {
    pick(world, random)
        .ifPresent(
            t -> {
              List<TaskId> ids = new ArrayList<>(List.of(t.id()));
              ids.add(Samples.taskId("/nobody"));
              stores().tasks().expunge(ids);
            });
  }

  private void deployments(World world, AppId id, Random random, Instant at) {
    if (world.deployments().isEmpty() || random.nextBoolean()) {
      stores().deployments().save(Samples.deployment("d" + random.nextInt(100), at, id.path()));
    } else {
      stores()
          .deployments()
          .save(world.deployments().get(0).ended(Deployment.Status.SUCCEEDED, null, at));
    }
  }

  private void waiting(AppId id, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> stores().deployments().saveDelay(Samples.delay(id.path(), random.nextInt(5)));
      case 1 -> stores().deployments().forgetDelay(id);
      case 2 ->
          stores()
              .deployments()
              .changeQueue(List.of(Samples.queued(id.path(), random.nextInt(5))), Set.of());
      case 3 -> stores().deployments().changeQueue(List.of(), Set.of(id));
      case 4 ->
          stores().tasks().recordFailure(Samples.failure(id.path(), "no " + random.nextInt()));
      default -> stores().tasks().forgetFailure(id);
    }
  }

  private void agents(Random random) {
    String name = "n" + random.nextInt(3);
    switch (random.nextInt(6)) {
      case 0 -> stores().agents().remove(name);
      case 1 -> stores().agents().served(name, random.nextInt(9));
      case 2 -> {
        var unused = stores().agents().alive(List.of("n0", "n1", "n2"));
      }
      default ->
          stores()
              .agents()
              .heartbeat(
                  Samples.agent(
                      name,
                      stores().agents().agentId(name),
                      Samples.T0.plusSeconds(random.nextInt(3)),
                      random.nextInt(9)));
    }
  }

  private static Optional<Task> pick(World world, Random random) {
    List<Task> tasks = world.tasks();
    return tasks.isEmpty()
        ? Optional.empty()
        : Optional.of(tasks.get(random.nextInt(tasks.size())));
  }

  private static void assertSame(World whole, World image, String where) {
    assertEquals(whole.revision(), image.revision(), where);
    assertEquals(whole.apps(), image.apps(), where);
    assertEquals(whole.versions().keySet(), image.versions().keySet(), where);
    assertEquals(whole.versions(), image.versions(), where);
    assertEquals(whole.tasks(), image.tasks(), where);
    assertEquals(whole.ids(), image.ids(), where);
    whole.ids().forEach(id -> assertEquals(whole.tasksOf(id), image.tasksOf(id), where));
    for (String agent : List.of("n0", "n1", "n2")) {
      assertEquals(whole.tasksOn(agent), image.tasksOn(agent), where);
    }
    whole.tasks().forEach(t -> assertEquals(Optional.of(t), image.task(t.id()), where));
    assertEquals(whole.deployments(), image.deployments(), where);
    assertEquals(whole.delays(), image.delays(), where);
    assertEquals(whole.queue(), image.queue(), where);
    assertEquals(whole.lastFailures(), image.lastFailures(), where);
    assertEquals(whole.agents(), image.agents(), where);
  }
}
