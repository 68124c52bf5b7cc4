package io.dromos.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing of a deployment lives in the loop: with a new loop for every single turn, whatever just
 * happened, a deployment takes the same course and ends the same.
 */
class RestartAtAnyStepTest {
  /** Between two turns the world moves by one of these, never by all at once. */
  private static final List<Consumer<Cluster>> MOVES =
      List.of(
          Cluster::startAll,
          cluster -> cluster.healthy("/web"),
          cluster -> cluster.ready("/web", true),
          Cluster::ackAll,
          Cluster::stopAll);

  private static AnApp web() {
    return AnApp.called("/web").instances(3).upgrade(1, 0).httpCheck(3).readinessCheck("warm");
  }

  static Stream<Arguments> changes() {
    Consumer<Cluster> nothing = cluster -> {};
    Consumer<Cluster> app = cluster -> cluster.put(web().spec());
    return Stream.of(
        arguments("create", nothing, cluster -> cluster.put(web().spec())),
        arguments("scale up", app, cluster -> cluster.put(web().instances(5).spec())),
        arguments("scale down", app, cluster -> cluster.put(web().instances(1).spec())),
        arguments("stop", app, cluster -> cluster.put(web().instances(0).spec())),
        arguments("replace", app, cluster -> cluster.put(web().cmd("new").spec())),
        arguments(
            "replace with half of it down",
            app,
            cluster -> cluster.put(web().cmd("new").upgrade(0.5, 0).spec())),
        arguments(
            "replace and grow", app, cluster -> cluster.put(web().cmd("new").instances(4).spec())),
        arguments("remove", app, cluster -> cluster.delete("/web")),
        arguments(
            "two layers",
            nothing,
            cluster ->
                cluster.commands.change(
                    tree ->
                        new Change.Proceed(
                            List.of(web().dependsOn("/db").spec(), AnApp.called("/db").spec()),
                            Set.of(),
                            Set.of()),
                    Cluster.ASKED)),
        arguments(
            "roll back",
            app,
            cluster -> {
              String id = cluster.put(web().cmd("new").spec()).deploymentId();
              cluster.turn();
              cluster.commands.rollBack(id, Cluster.ASKED);
            }),
        arguments(
            "override",
            app,
            cluster -> {
              cluster.put(web().cmd("new").spec());
              cluster.turn();
              cluster.put(web().cmd("newer").spec(), Cluster.FORCED);
            }));
  }

  private static Arguments arguments(
      String name, Consumer<Cluster> before, Consumer<Cluster> change) {
    return Arguments.of(Named.of(name, before), change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aLoopThatBeginsAnewAtEveryTurnEndsTheDeploymentTheSameWay(
      Consumer<Cluster> before, Consumer<Cluster> change) {
    Cluster steady = prepared(before);
    List<String> expected = run(steady, change, false);
    Cluster shaken = prepared(before);
    List<String> seen = run(shaken, change, true);
    assertEquals(expected, seen);
    assertEquals(outcome(steady), outcome(shaken));
  }

  private static Cluster prepared(Consumer<Cluster> before) {
    Cluster cluster = new Cluster("n1");
    before.accept(cluster);
    cluster.settle();
    cluster.healthy("/web");
    cluster.ready("/web", true);
    cluster.settle();
    assertEquals(List.of(), cluster.stores.deployments().running());
    return cluster;
  }

  /** The number of tasks and of those serving, after each turn. */
  private static List<String> run(Cluster cluster, Consumer<Cluster> change, boolean restart) {
    change.accept(cluster);
    List<String> course = new ArrayList<>();
    for (int i = 0; i < 200 && !cluster.stores.deployments().running().isEmpty(); i++) {
      ControlLoop loop = restart ? cluster.loop("n1") : cluster.loop;
      cluster.clock.advance(Duration.ofMillis(100));
      cluster.heartbeat();
      loop.turn();
      course.add(cluster.tasks("/web").size() + " tasks, " + cluster.running("/web") + " running");
      MOVES.get(i % MOVES.size()).accept(cluster);
    }
    assertTrue(cluster.stores.deployments().running().isEmpty(), "it ends: " + course);
    return course;
  }

  private static Map<String, Object> outcome(Cluster cluster) {
    return Map.of(
        "apps",
        cluster.stores.apps().all().stream().map(a -> a.id() + " " + a.cmd()).toList(),
        "running",
        cluster.running("/web"),
        "tasks",
        cluster.tasks("/web").size(),
        "versions",
        cluster.tasks("/web").stream()
            .map(t -> cluster.stores.apps().version(AppId.of("/web"), t.goal().version()))
            .map(spec -> spec.orElseThrow().cmd())
            .toList(),
        "ended",
        cluster.stores.deployments().ended(10).stream().map(Deployment::status).sorted().toList());
  }
}
