package io.dromos.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.Upgrade;
import io.dromos.deployment.World;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Users, crashes and delays at random, from a seed. Whatever happens: never more tasks than the
 * upgrade strategy allows, never fewer healthy ones because of what the loop decided, no host port
 * twice on an agent; and when it gets quiet, exactly what was asked for.
 */
class RandomClusterTest {
  private static final int STEPS = 300;

  private final Cluster cluster = new Cluster("n1", "n2");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
  void staysWithinItsBoundsAndConverges(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      disturb(random);
      String where = "seed " + seed + ", step " + step;
      Map<AppId, Integer> servingBefore = serving();
      cluster.turn(Duration.ofMillis(random.nextInt(700)));
      checkNeverUnderMinimum(servingBefore, where);
      checkNeverOverMaximum(where);
      checkPorts(where);
      checkEveryDeploymentSaysWhatItWaitsFor(where);
    }
    for (int i = 0; i < 5; i++) {
      cluster.clock.advance(Duration.ofSeconds(300));
      cluster.settle();
      Set.of("/app0", "/app1", "/app2").forEach(app -> cluster.ready(app, true));
      cluster.settle();
    }
    assertEquals(List.of(), cluster.stores.deployments().running(), "seed " + seed);
    World world = cluster.stores.world().load();
    world
        .apps()
        .forEach(
            (id, spec) ->
                assertEquals(
                    spec.instances(), cluster.running(id.path()), "seed " + seed + " " + id));
    assertTrue(
        world.tasks().stream().allMatch(t -> world.apps().containsKey(t.appId())), "seed " + seed);
  }

  private void disturb(Random random) {
    int dice = random.nextInt(100);
    String id = "/app" + random.nextInt(3);
    if (dice < 8) {
      double min = random.nextInt(3) / 2.0;
      double over = random.nextInt(3) / 2.0;
      AnApp app =
          AnApp.called(id)
              .cmd("v" + random.nextInt(3))
              .instances(random.nextInt(6))
              .upgrade(min, over)
              .backoff(1, 1.15, 20)
              .port(0);
      if (random.nextInt(3) == 0) {
        app.deadline(1 + random.nextInt(60));
      }
      if (random.nextInt(3) == 0) {
        app.readinessCheck("warm");
      }
      cluster.put(app.spec(), random.nextBoolean() ? Cluster.ASKED : Cluster.FORCED);
    } else if (dice < 10) {
      cluster.delete(id);
    } else if (dice < 13 && !cluster.tasks(id).isEmpty()) {
      Set<TaskId> ids = Set.of(pick(id, random));
      if (random.nextBoolean()) {
        cluster.commands.kill(ids, false, Cluster.ASKED);
      } else {
        cluster.commands.killAndScale(ids, Cluster.ASKED);
      }
    } else if (dice < 16 && !cluster.tasks(id).isEmpty()) {
      cluster.crash(pick(id, random));
    } else if (dice < 18) {
      cluster.stores.deployments().running().stream()
          .findAny()
          .ifPresent(d -> cluster.commands.rollBack(d.id(), Cluster.ASKED));
    } else if (dice < 24) {
      cluster.ready(id, random.nextBoolean());
    } else if (dice < 60) {
      startSome(random);
    } else if (dice < 80) {
      cluster.stopAll();
    } else {
      cluster.ackAll();
    }
  }

  private TaskId pick(String app, Random random) {
    List<Task> tasks = cluster.tasks(app);
    return tasks.get(random.nextInt(tasks.size())).id();
  }

  private void startSome(Random random) {
    cluster
        .stores
        .tasks()
        .observe(
            cluster.stores.tasks().all().stream()
                .filter(t -> t.state() == TaskState.STAGING && random.nextInt(3) > 0)
                .map(
                    t ->
                        TaskTransitions.next(
                            t.seen(), new TaskEvent.Started(cluster.clock.instant(), "pid")))
                .toList());
  }

  /** Tasks that serve and are wanted, by app. */
  private Map<AppId, Integer> serving() {
    Map<AppId, Integer> counts = new HashMap<>();
    cluster.stores.tasks().all().stream()
        .filter(t -> t.isRunning() && t.goal().wantsRunning())
        .forEach(t -> counts.merge(t.appId(), 1, Integer::sum));
    return counts;
  }

  /** Kills of one turn leave the minimum, or hit only what the app has too many of. */
  private void checkNeverUnderMinimum(Map<AppId, Integer> before, String where) {
    Map<AppId, Integer> after = serving();
    cluster
        .stores
        .world()
        .load()
        .apps()
        .forEach(
            (id, spec) -> {
              int had = before.getOrDefault(id, 0);
              int has = after.getOrDefault(id, 0);
              int minimum = Upgrade.minHealthy(spec.instances(), spec.upgradeStrategy());
              assertTrue(
                  has >= Math.min(had, minimum),
                  where + ": " + id + " served " + had + ", now " + has + " of " + minimum);
            });
  }

  /** Launches never exceed the maximum; tasks that older definitions left may. */
  private void checkNeverOverMaximum(String where) {
    World world = cluster.stores.world().load();
    world
        .apps()
        .forEach(
            (id, spec) -> {
              List<Task> active = world.tasksOf(id).stream().filter(Task::isActive).toList();
              boolean launchedNow =
                  active.stream()
                      .anyMatch(t -> t.goal().stagedAt().equals(cluster.clock.instant()));
              int minimum = Upgrade.minHealthy(spec.instances(), spec.upgradeStrategy());
              int maximum = Upgrade.maximum(spec.instances(), spec.upgradeStrategy());
              if (minimum == maximum) {
                maximum++;
              }
              if (launchedNow) {
                assertTrue(
                    active.size() <= maximum,
                    where + ": " + id + " has " + active.size() + " of at most " + maximum);
              }
            });
  }

  private void checkEveryDeploymentSaysWhatItWaitsFor(String where) {
    for (Deployment deployment : cluster.stores.deployments().running()) {
      DeploymentProgress progress = cluster.progress(deployment);
      assertFalse(progress.awaited().isEmpty(), where + ": " + progress.sentence());
      assertTrue(
          progress.awaited().stream().noneMatch(awaited -> awaited.what().isEmpty()),
          where + ": " + progress.sentence());
    }
  }

  private void checkPorts(String where) {
    Set<String> taken = new HashSet<>();
    for (Task task : cluster.stores.tasks().all()) {
      if (task.isActive()) {
        for (int port : task.goal().hostPorts()) {
          assertTrue(
              taken.add(task.goal().agent() + ":" + port), where + ": port " + port + " twice");
        }
      }
    }
  }
}
