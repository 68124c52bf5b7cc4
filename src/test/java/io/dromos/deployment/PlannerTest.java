package io.dromos.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of the marathon-api reference, 5.2. */
class PlannerTest {
  private final AppSpec a = AnApp.called("/a").version(1).spec();

  @Test
  void aNewAppIsStartedThenScaled() {
    assertEquals("Start /a | Scale /a", plan(List.of(), List.of(a)));
  }

  @Test
  void aRemovedAppIsStopped() {
    assertEquals("Stop /a", plan(List.of(a), List.of()));
  }

  @Test
  void otherInstancesOnlyScale() {
    AppSpec three = AnApp.called("/a").instances(3).version(2, 1).spec();
    assertEquals("Scale /a", plan(List.of(a), List.of(three)));
  }

  @Test
  void anotherConfigurationRestarts() {
    AppSpec changed = AnApp.called("/a").instances(5).cmd("x").version(2).spec();
    assertEquals("Restart /a", plan(List.of(a), List.of(changed)));
  }

  @Test
  void anExplicitRestartRestartsThoughNothingElseDiffers() {
    assertEquals("Restart /a", plan(List.of(a), List.of(AnApp.called("/a").version(2).spec())));
  }

  @Test
  void anotherConfigurationWithNoInstancesOnlyScales() {
    AppSpec none = AnApp.called("/a").instances(0).cmd("x").version(2).spec();
    assertEquals("Scale /a", plan(List.of(a), List.of(none)));
  }

  @Test
  void nothingChangedHasNoSteps() {
    assertEquals("", plan(List.of(a), List.of(a)));
  }

  @Test
  void dependenciesComeFirst() {
    AppSpec web = AnApp.called("/web").dependsOn("/db").version(1).spec();
    AppSpec db = AnApp.called("/db").version(1).spec();
    assertEquals(
        "Start /db, Start /web | Scale /db | Scale /web", plan(List.of(), List.of(web, db)));
  }

  @Test
  void aDependencyOnAGroupWaitsForAllInIt() {
    AppSpec web = AnApp.called("/web").dependsOn("/data").version(1).spec();
    AppSpec db = AnApp.called("/data/db").version(1).spec();
    AppSpec cache = AnApp.called("/data/cache").dependsOn("/data/db").version(1).spec();
    assertEquals(
        "Start /data/cache, Start /data/db, Start /web | Scale /data/db | Scale /data/cache"
            + " | Scale /web",
        plan(List.of(), List.of(web, db, cache)));
  }

  @Test
  void stopComesBeforeStartAndScale() {
    AppSpec b = AnApp.called("/b").version(2).spec();
    assertEquals("Stop /a | Start /b | Scale /b", plan(List.of(a), List.of(b)));
  }

  @Test
  void tasksThatACancelledDeploymentLeftHalfReplacedAreRestarted() {
    AppSpec three = AnApp.called("/a").instances(3).version(2, 1).spec();
    assertEquals(
        "Restart /a", text(Planner.plan(List.of(a), List.of(three), Set.of(AppId.of("/a")))));
  }

  @Test
  void circlesAreFound() {
    AppSpec x = AnApp.called("/x").dependsOn("/y").spec();
    AppSpec y = AnApp.called("/y").dependsOn("/z").spec();
    assertFalse(new Dependencies(List.of(x, y)).hasCycle());
    AppSpec z = AnApp.called("/z").dependsOn("/x").spec();
    assertTrue(new Dependencies(List.of(x, y, z)).hasCycle());
  }

  private static String plan(List<AppSpec> origin, List<AppSpec> target) {
    return text(Planner.plan(origin, target, Set.of()));
  }

  private static String text(List<DeploymentStep> steps) {
    return steps.stream()
        .map(
            step ->
                step.actions().stream()
                    .map(a -> a.kind().name().replace("Application", "") + " " + a.app())
                    .collect(Collectors.joining(", ")))
        .collect(Collectors.joining(" | "));
  }
}
