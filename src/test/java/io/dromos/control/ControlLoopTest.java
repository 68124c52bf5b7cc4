package io.dromos.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.cluster.Topic;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.RefusalReason;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Commands, loop and agents together, over time. */
class ControlLoopTest {
  private final Cluster cluster = new Cluster("n1");

  @Test
  void fromADefinitionToRunningTasksToTheEndOfTheDeployment() {
    String deployment =
        cluster.put(AnApp.called("/web").instances(3).port(0).spec()).deploymentId();
    cluster.turn();
    assertEquals(3, cluster.tasks("/web").size());
    assertTrue(cluster.tasks("/web").stream().allMatch(t -> t.state() == TaskState.STAGING));
    assertTrue(cluster.heard.contains(Topic.GOALS));
    cluster.startAll();
    cluster.turn();
    assertTrue(cluster.deployment(deployment).isRunning(), "nobody serves them yet");
    cluster.ackAll();
    cluster.turn();
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(deployment).status());
    assertEquals(
        List.of(
            "GroupChanged",
            "ApiPost",
            "DeploymentStepBegan",
            "DeploymentStepDone",
            "DeploymentStepBegan",
            "TaskStatus",
            "TaskStatus",
            "TaskStatus",
            "DeploymentStepDone",
            "DeploymentSucceeded"),
        cluster.eventTypes());
  }

  @Test
  void aTurnThatDecidesNothingWritesNothing() {
    cluster.put(AnApp.called("/web").spec());
    cluster.settle();
    int commits = cluster.memory.commits();
    long revision = cluster.stores.revisions().current();
    cluster.loop.turn();
    assertEquals(commits, cluster.memory.commits());
    assertEquals(revision, cluster.stores.revisions().current());
  }

  @Test
  void anAppThatFitsNowhereWaitsInTheQueueAndSaysWhy() {
    cluster.put(AnApp.called("/huge").instances(2).resources(0.1, 9_000_000).spec());
    cluster.turn();
    QueueEntry entry = cluster.stores.deployments().queue().get(0);
    assertEquals(AppId.of("/huge"), entry.appId());
    assertEquals(2, entry.count());
    assertNull(entry.notBefore());
    assertTrue(refusal(entry).contains("memory"), refusal(entry));
    assertEquals(1, entry.processedOffers());
    assertEquals(1, entry.unusedOffers());
    Instant since = entry.since();
    int commits = cluster.memory.commits();
    cluster.loop.turn();
    assertEquals(commits, cluster.memory.commits(), "waiting costs no writes");
    cluster.turn(Duration.ofSeconds(10));
    QueueEntry later = cluster.stores.deployments().queue().get(0);
    assertEquals(since, later.since());
    assertEquals(2, later.processedOffers());
    assertEquals(Map.of(RefusalReason.InsufficientMemory, 2), later.refusedBy());
    cluster.delete("/huge");
    cluster.turn();
    assertEquals(List.of(), cluster.stores.deployments().queue());
  }

  @Test
  void whatFitsIsPlacedAndOnlyTheRestWaits() {
    cluster.put(AnApp.called("/big").instances(3).resources(0.1, 40_000).spec());
    cluster.turn();
    assertEquals(2, cluster.tasks("/big").size());
    assertEquals(1, cluster.stores.deployments().queue().get(0).count());
  }

  @Test
  void aCrashedTaskIsReplacedAfterOneSecondAndTheAlarmIsSetForThen() {
    cluster.put(AnApp.called("/web").instances(3).spec());
    cluster.settle();
    TaskId victim = cluster.tasks("/web").get(0).id();
    cluster.clock.advance(Duration.ofSeconds(5));
    cluster.heartbeat();
    cluster.loop.turn();
    cluster.crash(victim);
    Instant died = cluster.clock.instant();
    cluster.turn();
    assertEquals(2, cluster.tasks("/web").size());
    assertTrue(cluster.alarms.contains(died.plusSeconds(1)));
    assertEquals(died.plusSeconds(1), cluster.stores.deployments().queue().get(0).notBefore());
    cluster.turn(Duration.ofMillis(900));
    assertEquals(3, cluster.tasks("/web").size());
    assertEquals(List.of(), cluster.stores.deployments().queue());
  }

  @Test
  void anAppThatKeepsCrashingBacksOffFurtherAndFurther() {
    cluster.put(AnApp.called("/crash").backoff(1, 2, 8).spec());
    long lastDelay = 0;
    for (int i = 0; i < 6; i++) {
      while (cluster.tasks("/crash").isEmpty()) {
        cluster.turn(Duration.ofMillis(500));
      }
      cluster.startAll();
      cluster.crash(cluster.tasks("/crash").get(0).id());
      cluster.turn();
      long delay = cluster.stores.deployments().delays().get(0).delayMillis();
      assertEquals(i == 0 ? 1000 : Math.min(8000, lastDelay * 2), delay);
      lastDelay = delay;
    }
    assertEquals(1, cluster.stores.deployments().running().size(), "it waits without a limit");
  }

  @Test
  void aRollingRestartNeverServesFewerThanAskedFor() {
    cluster.put(AnApp.called("/web").instances(3).spec());
    cluster.settle();
    String update = cluster.put(AnApp.called("/web").instances(3).cmd("new").spec()).deploymentId();
    for (int i = 0; i < 100 && cluster.deployment(update).isRunning(); i++) {
      cluster.turn();
      assertTrue(cluster.running("/web") >= 3, "serving " + cluster.running("/web"));
      assertTrue(cluster.tasks("/web").size() <= 6, "there are " + cluster.tasks("/web").size());
      if (i % 3 == 0) {
        cluster.startAll();
      } else if (i % 3 == 1) {
        cluster.ackAll();
      } else {
        cluster.stopAll();
      }
    }
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(update).status());
    assertEquals(3, cluster.tasks("/web").size());
  }

  @Test
  void withoutRoomARollingRestartGoesOneByOne() {
    cluster.put(AnApp.called("/web").instances(3).upgrade(1, 0).spec());
    cluster.settle();
    String update =
        cluster
            .put(AnApp.called("/web").instances(3).upgrade(1, 0).cmd("new").spec())
            .deploymentId();
    for (int i = 0; i < 100 && cluster.deployment(update).isRunning(); i++) {
      cluster.turn();
      assertTrue(cluster.running("/web") >= 3);
      assertTrue(cluster.tasks("/web").size() <= 4);
      cluster.startAll();
      cluster.ackAll();
      cluster.stopAll();
    }
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(update).status());
  }

  @Test
  void aHealthCheckedAppArrivesWhenItIsHealthy() {
    String deployment = cluster.put(AnApp.called("/web").httpCheck(3).spec()).deploymentId();
    cluster.settle();
    assertTrue(cluster.deployment(deployment).isRunning());
    assertTrue(cluster.eventTypes().contains("HealthChecksAdded"));
    cluster.healthy("/web");
    cluster.ackAll();
    cluster.turn();
    assertFalse(cluster.deployment(deployment).isRunning());
  }

  @Test
  void anUnhealthyTaskIsKilledToldAndRemembered() {
    cluster.put(AnApp.called("/web").httpCheck(1).spec());
    cluster.settle();
    cluster.healthy("/web");
    Task sick = cluster.tasks("/web").get(0);
    HealthResult bad = sick.seen().health().get(0);
    for (int i = 0; i < 2; i++) {
      cluster.clock.advance(Duration.ofMillis(10));
      bad = bad.failed(cluster.clock.instant(), "503 Service Unavailable");
    }
    probed(sick, bad);
    cluster.settle();
    assertFalse(cluster.eventTypes().contains("UnhealthyKill"), "its replacement comes first");
    Task fresh =
        cluster.tasks("/web").stream().filter(t -> !t.id().equals(sick.id())).findFirst().get();
    probed(fresh, HealthResult.UNKNOWN.succeeded(cluster.clock.instant()));
    cluster.settle();
    assertTrue(cluster.eventTypes().contains("UnhealthyKill"));
    assertEquals(
        "Task was killed since health check failed. Reason: 503 Service Unavailable",
        cluster.stores.tasks().lastFailures().get(AppId.of("/web")).message());
    assertEquals(1, cluster.tasks("/web").stream().filter(t -> t.goal().wantsRunning()).count());
  }

  @Test
  void aMassFailureIsToldOnceAndSoIsItsEnd() {
    cluster.put(AnApp.called("/web").instances(6).httpCheck(1).spec());
    cluster.settle();
    cluster.healthy("/web");
    cluster.settle();
    cluster.clock.advance(Duration.ofSeconds(1));
    for (Task task : cluster.tasks("/web")) {
      HealthResult bad = task.seen().health().get(0);
      for (int i = 0; i < 5; i++) {
        bad = bad.failed(cluster.clock.instant(), "no answer in time");
      }
      probed(task, bad);
    }
    cluster.pass(300);
    assertEquals(6, cluster.tasks("/web").stream().filter(t -> t.goal().wantsRunning()).count());
    assertEquals(1, cluster.eventTypes().stream().filter(t -> t.equals("HealthKillsHeld")).count());
    assertFalse(cluster.eventTypes().contains("HealthKillsResumed"));
    cluster.healthy("/web");
    cluster.pass(2);
    assertEquals(
        1, cluster.eventTypes().stream().filter(t -> t.equals("HealthKillsResumed")).count());
    assertFalse(cluster.eventTypes().contains("UnhealthyKill"));
  }

  private void probed(Task task, HealthResult result) {
    cluster
        .stores
        .tasks()
        .observe(
            List.of(
                TaskTransitions.next(
                    task.seen(), new TaskEvent.Probed(cluster.clock.instant(), List.of(result)))));
  }

  @Test
  void aDeletedAppLeavesNothingBehind() {
    cluster.put(AnApp.called("/web").instances(2).backoff(1, 2, 300).spec());
    cluster.settle();
    cluster.crash(cluster.tasks("/web").get(0).id());
    cluster.turn();
    String delete = cluster.delete("/web").deploymentId();
    cluster.settle();
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(delete).status());
    assertEquals(List.of(), cluster.tasks("/web"));
    assertEquals(List.of(), cluster.stores.apps().allVersions());
    assertEquals(List.of(), cluster.stores.deployments().delays());
    assertEquals(List.of(), cluster.stores.deployments().queue());
    assertTrue(cluster.eventTypes().contains("AppTerminated"));
  }

  @Test
  void checksOfAnAppThatIsGoneAreToldToEnd() {
    cluster.put(AnApp.called("/web").httpCheck(1).spec());
    cluster.settle();
    cluster.healthy("/web");
    cluster.settle();
    cluster.delete("/web");
    cluster.settle();
    assertEquals(
        1, cluster.eventTypes().stream().filter(t -> t.equals("HealthChecksRemoved")).count());
  }

  @Test
  void tasksOfALostAgentMoveToAnother() {
    Cluster two = new Cluster("n1", "n2");
    two.put(AnApp.called("/web").instances(2).spec());
    two.settle();
    assertEquals(
        Set.of("n1", "n2"),
        Set.of(two.tasks("/web").get(0).goal().agent(), two.tasks("/web").get(1).goal().agent()));
    two.silence("n2");
    for (int i = 0; i < 31; i++) {
      two.turn(Duration.ofSeconds(1));
    }
    two.settle();
    assertEquals(2, two.running("/web"));
    assertTrue(two.tasks("/web").stream().allMatch(t -> t.goal().agent().equals("n1")));
  }

  @Test
  void afterABreakOfTheLeaderSilenceProvesNothing() {
    cluster.put(AnApp.called("/web").spec());
    cluster.settle();
    TaskId task = cluster.tasks("/web").get(0).id();
    cluster.clock.advance(Duration.ofHours(1));
    cluster.loop.turn();
    assertEquals(TaskState.RUNNING, cluster.stores.tasks().find(task).orElseThrow().state());
    assertEquals(1, cluster.tasks("/web").size());
  }

  @Test
  void onlyTheHolderOfTheLeaseDecides() {
    cluster.put(AnApp.called("/web").spec());
    cluster.turn();
    int commits = cluster.memory.commits();
    ControlLoop second = cluster.loop("n2");
    second.turn();
    assertEquals(commits, cluster.memory.commits());
    cluster.clock.advance(Duration.ofSeconds(60));
    cluster.heartbeat();
    second.turn();
    assertEquals(2, cluster.leaseRow.get().epoch());
  }

  @Test
  void decisionsOfAStaleEpochAreVoid() {
    cluster.put(AnApp.called("/web").spec());
    ControlLoop second = cluster.loop("n2");
    cluster.meanwhile =
        () -> {
          cluster.clock.advance(Duration.ofSeconds(60));
          cluster.heartbeat();
          second.turn();
        };
    cluster.loop.turn();
    assertEquals(2, cluster.leaseRow.get().epoch());
    assertEquals(1, cluster.tasks("/web").size(), "placed by the new leader alone");
  }

  @Test
  void whatUsersAskForDuringATurnIsSeenBeforeItIsCommitted() {
    cluster.put(AnApp.called("/web").spec());
    cluster.meanwhile = () -> cluster.delete("/web");
    cluster.loop.turn();
    assertEquals(List.of(), cluster.tasks("/web"));
  }

  @Test
  void aDeploymentAbandonedDuringATurnStaysAbandoned() {
    String deployment = cluster.put(AnApp.called("/web").spec()).deploymentId();
    cluster.meanwhile = () -> cluster.commands.abandon(deployment, Cluster.ASKED);
    cluster.loop.turn();
    assertEquals(Deployment.Status.FAILED, cluster.deployment(deployment).status());
  }

  @Test
  void aLaunchDelayEndedDuringATurnDoesNotComeBack() {
    cluster.put(AnApp.called("/web").instances(2).backoff(30, 2, 300).spec());
    cluster.turn();
    cluster.startAll();
    cluster.crash(cluster.tasks("/web").get(0).id());
    cluster.turn();
    cluster.crash(cluster.tasks("/web").get(0).id());
    cluster.meanwhile =
        () ->
            assertEquals(
                Optional.empty(),
                cluster.commands.resetDelay(AppId.of("/web"), Cluster.ASKED),
                "it is in the queue");
    cluster.loop.turn();
    assertEquals(1, cluster.stores.deployments().delays().get(0).failures());
  }

  @Test
  void aTaskKilledByAUserDuringATurnKeepsThatReason() {
    cluster.put(AnApp.called("/web").instances(2).spec());
    cluster.settle();
    cluster.put(AnApp.called("/web").instances(0).spec());
    TaskId victim = cluster.tasks("/web").get(0).id();
    cluster.meanwhile = () -> cluster.commands.kill(Set.of(victim), false, Cluster.ASKED);
    cluster.turn();
    assertEquals(KillReason.USER, cluster.stores.tasks().find(victim).orElseThrow().goal().kill());
  }

  @Test
  void aLeaderThatRestartsGoesOnWhereItWas() {
    String deployment = cluster.put(AnApp.called("/web").instances(2).spec()).deploymentId();
    cluster.turn();
    cluster.startAll();
    Set<TaskId> before =
        Set.of(cluster.tasks("/web").get(0).id(), cluster.tasks("/web").get(1).id());
    ControlLoop again = cluster.loop("n1");
    cluster.clock.advance(Duration.ofMinutes(10));
    again.turn();
    cluster.heartbeat();
    cluster.ackAll();
    again.turn();
    assertEquals(
        before, Set.of(cluster.tasks("/web").get(0).id(), cluster.tasks("/web").get(1).id()));
    assertFalse(cluster.deployment(deployment).isRunning());
  }

  @Test
  void oneDeploymentOfSeveralAppsGoesLayerByLayer() {
    cluster.commands.change(
        tree ->
            new Change.Proceed(
                List.of(AnApp.called("/web").dependsOn("/db").spec(), AnApp.called("/db").spec()),
                Set.of(),
                Set.of()),
        Cluster.ASKED);
    cluster.turn();
    assertEquals(1, cluster.tasks("/db").size());
    assertEquals(0, cluster.tasks("/web").size());
    cluster.startAll();
    cluster.ackAll();
    cluster.turn();
    assertEquals(1, cluster.tasks("/web").size());
  }

  @Test
  void portsOfServicesAndVipsAreNeverHandedToTasks() {
    cluster.put(AnApp.called("/lb").instances(0).port(0, 31500, java.util.Map.of()).spec());
    cluster.put(AnApp.called("/web").instances(400).resources(0.01, 1).port(0).port(0).spec());
    cluster.turn();
    assertEquals(400, cluster.tasks("/web").size());
    assertTrue(
        cluster.tasks("/web").stream()
            .flatMap(t -> t.goal().hostPorts().stream())
            .noneMatch(port -> port == 31500));
  }

  @Test
  void anAppWithoutATaskIsStillFoundInTheQueueWithItsDelay() {
    cluster.put(AnApp.called("/web").backoff(30, 1, 300).spec());
    cluster.turn();
    cluster.startAll();
    cluster.crash(cluster.tasks("/web").get(0).id());
    cluster.turn();
    QueueEntry entry = cluster.stores.deployments().queue().get(0);
    assertNotNull(entry.notBefore());
    assertEquals(1, entry.count());
    assertEquals(Optional.empty(), Optional.ofNullable(entry.lastRefusal()));
  }

  private static String refusal(QueueEntry entry) {
    return Optional.ofNullable(entry.lastRefusal()).map(r -> r.summary()).orElse("");
  }
}
