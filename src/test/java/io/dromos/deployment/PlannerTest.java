package io.dromos.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.GroupSpec;
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
        "Restart /a",
        text(Planner.plan(List.of(a), List.of(three), List.of(), Set.of(AppId.of("/a")))));
  }

  @Test
  void circlesAreFound() {
    AppSpec x = AnApp.called("/x").dependsOn("/y").spec();
    AppSpec y = AnApp.called("/y").dependsOn("/z").spec();
    assertFalse(new Dependencies(List.of(x, y), List.of()).hasCycle());
    AppSpec z = AnApp.called("/z").dependsOn("/x").spec();
    assertTrue(new Dependencies(List.of(x, y, z), List.of()).hasCycle());
  }

  @Test
  void whatAGroupDependsOnEveryAppBelowItWaitsFor() {
    AppSpec web = AnApp.called("/prod/web/front/ui").version(1).spec();
    AppSpec api = AnApp.called("/prod/web/api").version(1).spec();
    AppSpec db = AnApp.called("/prod/db/pg").version(1).spec();
    AppSpec log = AnApp.called("/log").version(1).spec();
    GroupSpec group =
        GroupSpec.plain(AppId.of("/prod/web")).withDependencies(List.of(AppId.of("/prod/db")));
    GroupSpec prod = GroupSpec.plain(AppId.of("/prod")).withDependencies(List.of(AppId.of("/log")));
    assertEquals(
        "Start /log, Start /prod/db/pg, Start /prod/web/api, Start /prod/web/front/ui"
            + " | Scale /log | Scale /prod/db/pg | Scale /prod/web/api, Scale /prod/web/front/ui",
        text(Planner.plan(List.of(), List.of(web, api, db, log), List.of(group, prod), Set.of())));
  }

  @Test
  void aGroupThatDependsOnWhatLiesInItIsACircle() {
    AppSpec app = AnApp.called("/g/a").spec();
    AppSpec other = AnApp.called("/h/a").dependsOn("/g").spec();
    GroupSpec self = GroupSpec.plain(AppId.of("/g")).withDependencies(List.of(AppId.of("/g/a")));
    GroupSpec mutual = self.withDependencies(List.of(AppId.of("/h")));
    assertTrue(new Dependencies(List.of(app), List.of(self)).hasCycle());
    assertTrue(new Dependencies(List.of(app, other), List.of(mutual)).hasCycle());
    assertFalse(new Dependencies(List.of(app), List.of(mutual)).hasCycle());
  }

  @Test
  void aPathThatOnlyBeginsLikeADependencyIsNone() {
    AppSpec app = AnApp.called("/db").spec();
    AppSpec near = AnApp.called("/db-backup").dependsOn("/db").spec();
    AppSpec below = AnApp.called("/db.x/a").dependsOn("/db-backup").spec();
    assertEquals(
        List.of(List.of(app.id()), List.of(near.id()), List.of(below.id())),
        new Dependencies(List.of(app, near, below), List.of()).layers());
  }

  private static String plan(List<AppSpec> origin, List<AppSpec> target) {
    return text(Planner.plan(origin, target, List.of(), Set.of()));
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
