package io.dromos.control;

import static io.dromos.control.Cluster.ASKED;
import static io.dromos.control.Cluster.FORCED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.cluster.Topic;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction.Kind;
import io.dromos.placement.Agent.PortRange;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is stored, refused and told when users ask. */
class CommandProcessorTest {
  private final Cluster cluster = new Cluster("n1");

  @Test
  void aNewAppIsStoredWithADeploymentAndNothingIsStarted() {
    CommandResult.Accepted accepted = cluster.put(AnApp.called("/prod/web").port(0).spec());
    AppSpec stored = cluster.app("/prod/web");
    assertEquals(List.of(stored), accepted.apps());
    assertEquals(accepted.version(), stored.version());
    assertEquals(stored.version(), stored.lastScalingAt());
    assertEquals(stored.version(), stored.lastConfigChangeAt());
    assertTrue(cluster.stores.apps().groups().contains(AppId.of("/prod")));
    Deployment deployment = cluster.deployment(accepted.deploymentId());
    assertTrue(deployment.isRunning());
    assertEquals(0, deployment.currentStep());
    assertEquals(2, deployment.steps().size());
    assertEquals(List.of(), cluster.tasks("/prod/web"));
    assertEquals(List.of("GroupChanged", "ApiPost"), cluster.eventTypes());
    assertEquals(Set.of(Topic.INTENT, Topic.EVENTS), cluster.heard);
  }

  @Test
  void versionsIncreaseEvenWhenTheClockStandsStillOrGoesBack() {
    cluster.put(AnApp.called("/a").spec());
    AppSpec first = cluster.app("/a");
    cluster.settle();
    cluster.clock.advance(Duration.ofHours(-1));
    cluster.put(AnApp.called("/a").instances(2).spec());
    assertTrue(cluster.app("/a").version().isAfter(first.version()));
  }

  @Test
  void scalingKeepsTheStampOfTheConfiguration() {
    cluster.put(AnApp.called("/a").spec());
    AppSpec first = cluster.app("/a");
    cluster.settle();
    cluster.put(AnApp.called("/a").instances(3).spec());
    AppSpec scaled = cluster.app("/a");
    assertEquals(first.lastConfigChangeAt(), scaled.lastConfigChangeAt());
    assertEquals(scaled.version(), scaled.lastScalingAt());
    cluster.settle();
    cluster.put(AnApp.called("/a").instances(3).cmd("other").spec());
    AppSpec changed = cluster.app("/a");
    assertEquals(changed.version(), changed.lastConfigChangeAt());
    assertEquals(changed.version(), changed.lastScalingAt());
  }

  @Test
  void theSameDefinitionAgainKeepsItsVersionAndHasADeploymentWithoutSteps() {
    cluster.put(AnApp.called("/a").port(0).spec());
    AppSpec first = cluster.app("/a");
    cluster.settle();
    CommandResult.Accepted again = cluster.put(AnApp.called("/a").port(0).spec());
    assertEquals(first, cluster.app("/a"));
    assertEquals(List.of(), cluster.deployment(again.deploymentId()).steps());
    cluster.turn();
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(again.deploymentId()).status());
  }

  @Test
  void anExplicitRestartIsANewConfigurationThoughNothingDiffers() {
    cluster.put(AnApp.called("/a").spec());
    cluster.settle();
    AppSpec first = cluster.app("/a");
    CommandResult result =
        cluster.commands.change(
            tree -> new Change.Proceed(List.of(first), Set.of(), Set.of(first.id())), ASKED);
    CommandResult.Accepted accepted = assertInstanceOf(CommandResult.Accepted.class, result);
    assertEquals(accepted.version(), cluster.app("/a").lastConfigChangeAt());
    assertEquals(List.of(Kind.RestartApplication), kinds(accepted));
  }

  @Test
  void servicePortsAreTheLowestFreeOnesAndStay() {
    cluster.put(AnApp.called("/a").port(0).port(0).spec());
    cluster.put(AnApp.called("/b").port(0).spec());
    assertEquals(List.of(10000, 10001), servicePorts("/a"));
    assertEquals(List.of(10002), servicePorts("/b"));
    cluster.settle();
    cluster.put(AnApp.called("/a").port(0).port(0).port(0).cmd("x").spec());
    assertEquals(List.of(10000, 10001, 10003), servicePorts("/a"));
  }

  @Test
  void explicitServicePortsAreKeptAlsoOutsideTheRange() {
    cluster.put(AnApp.called("/a").port(80).port(10000).spec());
    assertEquals(List.of(80, 10000), servicePorts("/a"));
    cluster.put(AnApp.called("/b").port(0).spec());
    assertEquals(List.of(10001), servicePorts("/b"));
  }

  @Test
  void servicePortsOfADeletedAppAreFreeAgain() {
    cluster.put(AnApp.called("/a").port(0).spec());
    cluster.delete("/a");
    cluster.put(AnApp.called("/b").port(0).spec());
    assertEquals(List.of(10000), servicePorts("/b"));
  }

  @Test
  void anExhaustedRangeRefusesAndStoresNothing() {
    Cluster small = new Cluster(new PortRange(10000, 10000), "n1");
    small.put(AnApp.called("/a").port(0).spec());
    CommandResult result = small.put(AnApp.called("/b").port(0).spec(), ASKED);
    assertEquals(
        new CommandResult.Refused(new Rejection.ServicePortsExhausted(10000, 10000)), result);
    assertEquals(Optional.empty(), small.stores.apps().find(AppId.of("/b")));
  }

  @Test
  void anAppInARunningDeploymentIsLocked() {
    String first = cluster.put(AnApp.called("/a").spec()).deploymentId();
    CommandResult second = cluster.put(AnApp.called("/a").instances(2).spec(), ASKED);
    Rejection.Locked locked = (Rejection.Locked) ((CommandResult.Refused) second).rejection();
    assertEquals(List.of(first), locked.deployments());
    assertEquals(1, cluster.app("/a").instances());
    assertTrue(cluster.eventTypes().contains("GroupChangeFailed"));
  }

  @Test
  void anotherAppIsNotLocked() {
    cluster.put(AnApp.called("/a").spec());
    cluster.put(AnApp.called("/b").spec());
    assertEquals(2, cluster.stores.deployments().running().size());
  }

  @Test
  void forceOverridesTheDeploymentInTheWay() {
    String first = cluster.put(AnApp.called("/a").spec()).deploymentId();
    CommandResult second = cluster.put(AnApp.called("/a").instances(2).spec(), FORCED);
    assertInstanceOf(CommandResult.Accepted.class, second);
    assertEquals(Deployment.Status.FAILED, cluster.deployment(first).status());
    assertEquals("The upgrade has been cancelled", cluster.deployment(first).reason());
    assertTrue(cluster.eventTypes().contains("DeploymentFailed"));
    assertEquals(1, cluster.stores.deployments().running().size());
  }

  @Test
  void forcingAScaleOverAHalfDoneRestartStillReplacesTheOldTasks() {
    cluster.put(AnApp.called("/a").spec());
    cluster.settle();
    cluster.put(AnApp.called("/a").cmd("new").spec());
    cluster.turn();
    CommandResult scaled = cluster.put(AnApp.called("/a").cmd("new").instances(2).spec(), FORCED);
    assertEquals(List.of(Kind.RestartApplication), kinds((CommandResult.Accepted) scaled));
    cluster.settle();
    assertEquals(2, cluster.running("/a"));
    assertTrue(
        cluster.tasks("/a").stream()
            .allMatch(
                t ->
                    cluster
                        .stores
                        .apps()
                        .version(t.appId(), t.goal().version())
                        .orElseThrow()
                        .cmd()
                        .equals("new")));
  }

  @Test
  void scalingUpByForceOverAnUpdateToNothingLeavesNoOldTask() {
    cluster.put(AnApp.called("/a").cmd("old").spec());
    cluster.settle();
    cluster.put(AnApp.called("/a").cmd("new").instances(0).spec());
    cluster.put(AnApp.called("/a").cmd("new").spec(), FORCED);
    cluster.settle();
    assertEquals(
        List.of(cluster.app("/a").version()),
        cluster.tasks("/a").stream().map(task -> task.goal().version()).toList());
  }

  @Test
  void forceOnOneAppGoesOnWithTheUpdateOfTheOthers() {
    cluster.put(AnApp.called("/a").cmd("old").spec());
    cluster.put(AnApp.called("/b").cmd("old").instances(2).spec());
    cluster.settle();
    cluster.commands.change(
        tree ->
            new Change.Proceed(
                List.of(
                    AnApp.called("/a").cmd("new").spec(),
                    AnApp.called("/b").cmd("new").instances(2).spec()),
                Set.of(),
                Set.of()),
        ASKED);
    cluster.turn();
    CommandResult forced = cluster.put(AnApp.called("/a").cmd("newer").spec(), FORCED);
    String id = ((CommandResult.Accepted) forced).deploymentId();
    assertEquals(Set.of(AppId.of("/a"), AppId.of("/b")), cluster.deployment(id).affectedApps());
    cluster.settle();
    assertEquals(List.of(), cluster.stores.deployments().running());
    assertTrue(
        cluster.tasks("/b").stream()
            .allMatch(task -> task.goal().version().equals(cluster.app("/b").version())));
  }

  @Test
  void anAppCreatedAgainByForceWhileItIsStoppedLeavesNoOldTask() {
    cluster.put(AnApp.called("/a").cmd("old").spec());
    cluster.settle();
    Set<TaskId> old = ids("/a");
    cluster.delete("/a");
    cluster.put(AnApp.called("/a").cmd("new").spec(), FORCED);
    cluster.settle();
    assertEquals(1, cluster.running("/a"));
    assertTrue(ids("/a").stream().noneMatch(old::contains));
  }

  @Test
  void aDeletedAppIsGoneAtOnceButItsTasksKeepTheirDefinition() {
    cluster.put(AnApp.called("/a").spec());
    cluster.settle();
    cluster.delete("/a");
    assertEquals(Optional.empty(), cluster.stores.apps().find(AppId.of("/a")));
    Task task = cluster.tasks("/a").get(0);
    assertTrue(cluster.stores.world().load().specOf(task).isPresent());
  }

  @Test
  void aCircleOfDependenciesIsRefused() {
    cluster.put(AnApp.called("/a").dependsOn("/b").spec());
    CommandResult result = cluster.put(AnApp.called("/b").dependsOn("/a").spec(), ASKED);
    Rejection rejection = ((CommandResult.Refused) result).rejection();
    assertEquals(
        "Dependency graph has cyclic dependencies.",
        ((Rejection.Invalid) rejection).violations().get(0).message());
  }

  @Test
  void anAppMayNotBeCalledLikeAGroup() {
    cluster.put(AnApp.called("/prod/web").spec());
    assertInstanceOf(
        Rejection.Invalid.class, refusal(cluster.put(AnApp.called("/prod").spec(), ASKED)));
    assertInstanceOf(
        Rejection.Invalid.class, refusal(cluster.put(AnApp.called("/prod/web/sub").spec(), ASKED)));
  }

  @Test
  void vipNamesGetTheirIndexInTheSameTransaction() {
    cluster.put(
        AnApp.called("/a").port(0, 0, Map.of("VIP_0", "/sise:80", "VIP_1", "1.2.3.4:80")).spec());
    assertEquals(Set.of("sise.marathon"), cluster.stores.vips().indices().keySet());
  }

  @Test
  void killedTasksAreReportedAsTheyWereAndReplaced() {
    cluster.put(AnApp.called("/a").instances(2).spec());
    cluster.settle();
    TaskId victim = cluster.tasks("/a").get(0).id();
    cluster.heard.clear();
    List<Task> killed =
        cluster.commands.kill(
            Set.of(victim, new TaskId("a.00000000-0000-1000-8000-999999999999")), false, ASKED);
    assertEquals(List.of(victim), killed.stream().map(Task::id).toList());
    assertTrue(killed.get(0).goal().wantsRunning());
    assertEquals(KillReason.USER, cluster.stores.tasks().find(victim).orElseThrow().goal().kill());
    assertTrue(cluster.heard.contains(Topic.GOALS));
    cluster.turn();
    assertEquals(3, cluster.tasks("/a").size());
    cluster.settle();
    assertEquals(2, cluster.running("/a"));
    assertTrue(!ids("/a").contains(victim));
  }

  @Test
  void killAndScaleTakesExactlyTheNamedTasks() {
    cluster.put(AnApp.called("/a").instances(3).spec());
    cluster.settle();
    Set<TaskId> victims = Set.of(cluster.tasks("/a").get(0).id(), cluster.tasks("/a").get(1).id());
    CommandResult result = cluster.commands.killAndScale(victims, ASKED);
    assertEquals(List.of(Kind.ScaleApplication), kinds((CommandResult.Accepted) result));
    assertEquals(1, cluster.app("/a").instances());
    cluster.settle();
    assertEquals(1, cluster.running("/a"));
    assertTrue(ids("/a").stream().noneMatch(victims::contains));
  }

  @Test
  void killAndScaleOfALockedAppKillsNothing() {
    cluster.put(AnApp.called("/a").spec());
    cluster.turn();
    TaskId task = cluster.tasks("/a").get(0).id();
    assertInstanceOf(
        Rejection.Locked.class, refusal(cluster.commands.killAndScale(Set.of(task), ASKED)));
    assertTrue(cluster.stores.tasks().find(task).orElseThrow().goal().wantsRunning());
  }

  @Test
  void rollingBackAnUpdateBringsTheOldDefinitionBack() {
    cluster.put(AnApp.called("/a").cmd("old").spec());
    cluster.settle();
    String update = cluster.put(AnApp.called("/a").cmd("new").spec()).deploymentId();
    cluster.turn();
    CommandResult result = cluster.commands.rollBack(update, ASKED);
    assertInstanceOf(CommandResult.Accepted.class, result);
    assertEquals(Deployment.Status.FAILED, cluster.deployment(update).status());
    cluster.settle();
    assertEquals("old", cluster.app("/a").cmd());
    assertEquals(1, cluster.running("/a"));
    assertEquals(List.of(), cluster.stores.deployments().running());
  }

  @Test
  void rollingBackACreationRemovesTheApp() {
    String create = cluster.put(AnApp.called("/a").spec()).deploymentId();
    cluster.turn();
    cluster.commands.rollBack(create, ASKED);
    cluster.settle();
    assertEquals(List.of(), cluster.stores.apps().all());
    assertEquals(List.of(), cluster.tasks("/a"));
  }

  @Test
  void rollingBackADeletionBringsTheAppBack() {
    cluster.put(AnApp.called("/a").port(0).spec());
    cluster.settle();
    String delete = cluster.delete("/a").deploymentId();
    cluster.turn();
    cluster.commands.rollBack(delete, ASKED);
    cluster.settle();
    assertEquals(List.of(10000), servicePorts("/a"));
    assertEquals(1, cluster.running("/a"));
  }

  @Test
  void anAbandonedDeploymentEndsAndLeavesEverythingHalfway() {
    cluster.put(AnApp.called("/a").cmd("old").spec());
    cluster.settle();
    String update = cluster.put(AnApp.called("/a").cmd("new").spec()).deploymentId();
    cluster.turn();
    assertEquals(Optional.empty(), cluster.commands.abandon(update, ASKED));
    assertEquals(Deployment.Status.FAILED, cluster.deployment(update).status());
    assertEquals("new", cluster.app("/a").cmd());
    assertEquals(
        Optional.of(new Rejection.DeploymentNotFound(update)),
        cluster.commands.abandon(update, ASKED));
  }

  @Test
  void anUnknownDeploymentCannotBeRolledBack() {
    assertEquals(
        new CommandResult.Refused(new Rejection.DeploymentNotFound("nope")),
        cluster.commands.rollBack("nope", ASKED));
  }

  @Test
  void resettingTheDelayStartsTheNextAttemptAtOnce() {
    cluster.put(AnApp.called("/a").backoff(60, 2, 300).spec());
    cluster.turn();
    cluster.startAll();
    cluster.crash(cluster.tasks("/a").get(0).id());
    cluster.turn();
    assertEquals(List.of(), cluster.tasks("/a"));
    assertEquals(Optional.empty(), cluster.commands.resetDelay(AppId.of("/a"), ASKED));
    cluster.turn();
    assertEquals(1, cluster.tasks("/a").size());
    assertEquals(
        Optional.of(new Rejection.NotQueued(AppId.of("/b"))),
        cluster.commands.resetDelay(AppId.of("/b"), ASKED));
  }

  @Test
  void whatFailsOnTheWayLeavesNoTrace() {
    cluster.put(AnApp.called("/a").spec());
    cluster.heard.clear();
    int events = cluster.eventTypes().size();
    assertThrows(
        IllegalStateException.class,
        () ->
            cluster
                .stores
                .transactions()
                .run(
                    () -> {
                      cluster.put(AnApp.called("/b").spec());
                      throw new IllegalStateException("power cut");
                    }));
    assertEquals(Optional.empty(), cluster.stores.apps().find(AppId.of("/b")));
    assertEquals(events, cluster.eventTypes().size());
    assertEquals(Set.of(), cluster.heard);
  }

  private List<Kind> kinds(CommandResult.Accepted accepted) {
    return cluster.deployment(accepted.deploymentId()).steps().stream()
        .flatMap(step -> step.actions().stream())
        .map(action -> action.kind())
        .toList();
  }

  private List<Integer> servicePorts(String id) {
    return cluster.app(id).ports().stream().map(PortSpec::servicePort).toList();
  }

  private Set<TaskId> ids(String app) {
    Set<TaskId> ids = new HashSet<>();
    cluster.tasks(app).forEach(task -> ids.add(task.id()));
    return ids;
  }

  private static Rejection refusal(CommandResult result) {
    return ((CommandResult.Refused) result).rejection();
  }
}
