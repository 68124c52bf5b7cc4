package io.dromos.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.placement.Agent.PortRange;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A deployment that does not end in time fails, and what worked last comes back. */
class DeadlineTest {
  private final Cluster cluster = new Cluster("n1");

  private static AnApp web(String cmd) {
    return AnApp.called("/web").instances(3).cmd(cmd).httpCheck(3);
  }

  private void good() {
    cluster.put(web("good").spec());
    cluster.settle();
    cluster.healthy("/web");
    cluster.settle();
    assertEquals(List.of(), cluster.stores.deployments().running());
  }

  private Set<TaskId> ids() {
    return cluster.tasks("/web").stream().map(Task::id).collect(Collectors.toSet());
  }

  @Test
  void aVersionThatNeverGetsHealthyIsReplacedByTheOneThatWorkedWithoutStoppingIt() {
    good();
    Set<TaskId> before = ids();
    String update = cluster.put(web("bad").deadline(60).spec()).deploymentId();
    cluster.settle();
    assertEquals(6, cluster.tasks("/web").size(), "three of each");
    cluster.pass(60);
    Deployment failed = cluster.deployment(update);
    assertEquals(Deployment.Status.FAILED, failed.status());
    String reason = String.valueOf(failed.reason());
    assertTrue(reason.contains("did not end within 60 seconds"), reason);
    assertTrue(reason.contains("step 1 of 1 (RestartApplication /web)"), reason);
    assertTrue(reason.contains("3 have passed no health check yet"), reason);
    Deployment restoring = cluster.stores.deployments().running().get(0);
    assertEquals(update, restoring.terms().reverts());
    assertNull(restoring.terms().deadlineSeconds(), "no ping-pong");
    cluster.settle();
    assertEquals(List.of(), cluster.stores.deployments().running());
    assertEquals("good", cluster.app("/web").cmd());
    assertEquals(before, ids(), "what worked was never stopped");
    assertTrue(cluster.eventTypes().contains("DeploymentFailed"));
  }

  @Test
  void anUpdateThatEndsInTimeStays() {
    good();
    String update = cluster.put(web("new").deadline(60).spec()).deploymentId();
    cluster.settle();
    cluster.healthy("/web");
    cluster.settle();
    cluster.pass(100);
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(update).status());
    assertEquals("new", cluster.app("/web").cmd());
  }

  @Test
  void aCreationThatFailsKeepsTheDefinitionAndStopsTrying() {
    String create =
        cluster
            .put(AnApp.called("/new").instances(2).httpCheck(3).deadline(10).spec())
            .deploymentId();
    cluster.settle();
    cluster.pass(30);
    assertEquals(Deployment.Status.FAILED, cluster.deployment(create).status());
    cluster.settle();
    assertEquals(0, cluster.app("/new").instances());
    assertEquals(List.of(), cluster.tasks("/new"));
    assertEquals(List.of(), cluster.stores.deployments().running());
  }

  @Test
  void whatAForcedUpdateOverrodeHalfwayIsNotWhatWorked() {
    good();
    cluster.put(web("bad").spec());
    cluster.turn();
    cluster.put(web("worse").deadline(10).spec(), Cluster.FORCED);
    cluster.settle();
    cluster.pass(30);
    cluster.settle();
    assertEquals("good", cluster.app("/web").cmd());
    assertEquals(3, cluster.running("/web"));
  }

  @Test
  void theServersDeadlineIsForAppsThatSayNothingAndZeroMeansNever() {
    Cluster strict = new Cluster(new PortRange(10000, 20000), 20, "n1");
    String short_ = strict.put(AnApp.called("/a").httpCheck(1).spec()).deploymentId();
    String long_ = strict.put(AnApp.called("/b").httpCheck(1).deadline(0).spec()).deploymentId();
    strict.settle();
    strict.pass(40);
    assertEquals(Deployment.Status.FAILED, strict.deployment(short_).status());
    assertTrue(strict.deployment(long_).isRunning());
  }

  @Test
  void aNewLeaderHasTimeToGoOnWithWhatNobodyWorkedOn() {
    good();
    String update = cluster.put(web("new").deadline(60).spec()).deploymentId();
    cluster.settle();
    cluster.clock.advance(Duration.ofHours(1));
    ControlLoop successor = cluster.loop("n2");
    cluster.heartbeat();
    successor.turn();
    assertTrue(cluster.deployment(update).isRunning());
    cluster.healthy("/web");
    for (int i = 0; i < 30; i++) {
      cluster.clock.advance(Duration.ofMillis(100));
      cluster.heartbeat();
      cluster.startAll();
      cluster.ackAll();
      cluster.stopAll();
      successor.turn();
    }
    assertEquals(Deployment.Status.SUCCEEDED, cluster.deployment(update).status());
  }

  @Test
  void severalAppsOfOneDeploymentGoBackTogetherAndOthersAreLeftAlone() {
    cluster.put(AnApp.called("/db").cmd("one").spec());
    cluster.put(AnApp.called("/web").cmd("one").dependsOn("/db").spec());
    cluster.settle();
    AppSpec db = AnApp.called("/db").cmd("two").spec();
    AppSpec web = AnApp.called("/web").cmd("two").dependsOn("/db").httpCheck(1).deadline(10).spec();
    cluster.commands.change(
        tree -> new Change.Proceed(List.of(db, web), Set.of(), Set.of()), Cluster.ASKED);
    cluster.put(AnApp.called("/other").cmd("two").spec());
    cluster.settle();
    cluster.pass(30);
    cluster.settle();
    assertEquals("one", cluster.app("/db").cmd());
    assertEquals("one", cluster.app("/web").cmd());
    assertEquals("two", cluster.app("/other").cmd());
    assertEquals(List.of(), cluster.stores.deployments().running());
    assertEquals(1, cluster.running("/db"));
  }

  @Test
  void anAppRemovedByAFailedDeploymentIsStillRemoved() {
    cluster.put(AnApp.called("/old").spec());
    cluster.put(AnApp.called("/web").spec());
    cluster.settle();
    AppSpec web = AnApp.called("/web").cmd("two").httpCheck(1).deadline(10).spec();
    cluster.commands.change(
        tree -> new Change.Proceed(List.of(web), Set.of(AppId.of("/old")), Set.of()),
        Cluster.ASKED);
    cluster.turn(Duration.ofSeconds(1));
    cluster.pass(30);
    cluster.settle();
    assertFalse(cluster.stores.apps().find(AppId.of("/old")).isPresent());
    assertEquals(List.of(), cluster.tasks("/old"));
    assertEquals("sleep 1000", cluster.app("/web").cmd());
  }
}
