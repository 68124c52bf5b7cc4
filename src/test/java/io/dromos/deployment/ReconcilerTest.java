package io.dromos.deployment;

import static io.dromos.deployment.Situation.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.KillSelection;
import io.dromos.app.UnreachableStrategy;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each test is a situation; together they are what a turn decides. */
class ReconcilerTest {
  private final Situation situation = new Situation();
  private final AppSpec web = AnApp.called("/web").instances(3).version(1).spec();

  @Test
  void nothingToDoDecidesNothing() {
    situation.app(web).running(3, web);
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void missingInstancesAreLaunched() {
    situation.app(web).running(1, web);
    assertEquals(List.of(new Action.Launch(web, 2)), situation.decide());
  }

  @Test
  void surplusInstancesAreKilledYoungestFirst() {
    situation.app(web).running(3, web);
    Task youngest = situation.task(web, TaskState.RUNNING);
    assertEquals(List.of(youngest.id()), kills(KillReason.SCALED_DOWN));
  }

  @Test
  void surplusInstancesAreKilledOldestFirstWhereTheAppSaysSo() {
    AppSpec oldest = AnApp.called("/web").instances(1).kill(KillSelection.OLDEST_FIRST).spec();
    Task first = situation.app(oldest).task(oldest, TaskState.RUNNING);
    situation.running(1, oldest);
    assertEquals(List.of(first.id()), kills(KillReason.SCALED_DOWN));
  }

  @Test
  void aTaskThatDoesNotRunYetGoesBeforeOneThatDoes() {
    Task staging = situation.app(web).task(web, TaskState.STAGING);
    situation.running(3, web);
    assertEquals(List.of(staging.id()), kills(KillReason.SCALED_DOWN));
  }

  @Test
  void aTaskBeingStoppedIsNeverAskedAgainAndIsNotChosenForScalingDown() {
    situation.app(web).running(3, web);
    situation.task(web, TaskState.RUNNING, KillReason.USER, NOW.minusSeconds(1));
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void aTaskKilledByAUserIsReplacedAtOnceWithoutDelay() {
    situation.app(web).running(2, web);
    situation.task(web, TaskState.RUNNING, KillReason.USER, NOW);
    assertEquals(List.of(new Action.Launch(web, 1)), situation.decide());
  }

  @Test
  void anAppThatMayNeverExceedItsCountWaitsForTheKilledTaskToEnd() {
    AppSpec single = AnApp.called("/db").upgrade(0, 0).version(1).spec();
    situation.app(single).task(single, TaskState.KILLING, KillReason.USER, NOW);
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void aKilledTaskThatEndedLeavesTheBooksAndCountsForNothing() {
    situation.app(web).running(2, web);
    Task ended = situation.task(web, TaskState.KILLED, KillReason.USER, NOW);
    assertEquals(List.of(new Action.Expunge(ended), new Action.Launch(web, 1)), situation.decide());
  }

  @Test
  void aTaskThatFailedIsReplacedAfterTheFirstDelay() {
    situation.app(web).running(2, web);
    Task failed = situation.task(web, TaskState.FAILED, null, NOW);
    Instant later = NOW.plusSeconds(1);
    assertEquals(
        List.of(
            new Action.Delay(new LaunchDelay(web.id(), web.version(), 1000, later, 1)),
            new Action.Expunge(failed),
            new Action.Wait(web, 1, later),
            new Action.LookAgain(later)),
        situation.decide());
  }

  @Test
  void aTaskThatFinishedCountsAsAFailureToo() {
    situation.app(web).running(2, web);
    situation.task(web, TaskState.FINISHED, null, NOW);
    assertTrue(situation.decide().stream().anyMatch(a -> a instanceof Action.Delay));
  }

  @Test
  void theNextFailureWaitsLonger() {
    situation.app(web).running(2, web);
    situation.delay(new LaunchDelay(web.id(), web.version(), 1000, NOW.minusSeconds(30), 1));
    situation.task(web, TaskState.FAILED, null, NOW);
    assertEquals(
        Optional.of(new LaunchDelay(web.id(), web.version(), 1150, NOW.plusMillis(1150), 2)),
        delay());
  }

  @Test
  void theDelayNeverExceedsItsCeiling() {
    situation.app(web).running(2, web);
    situation.delay(new LaunchDelay(web.id(), web.version(), 299_000, NOW.minusSeconds(1), 40));
    situation.task(web, TaskState.FAILED, null, NOW);
    assertEquals(300_000, delay().orElseThrow().delayMillis());
  }

  @Test
  void aDelayThatIsOverLetsTheLaunchGo() {
    situation.app(web).running(2, web);
    situation.delay(new LaunchDelay(web.id(), web.version(), 1000, NOW, 1));
    assertEquals(List.of(new Action.Launch(web, 1)), situation.decide());
  }

  @Test
  void aTaskThatJustCameUpRestartsTheClockOfTheDelay() {
    situation.app(web).running(1, web);
    situation.delay(new LaunchDelay(web.id(), web.version(), 5000, NOW.minusSeconds(2), 3));
    situation.task(web, TaskState.RUNNING, null, NOW.minusSeconds(1));
    assertEquals(
        List.of(
            new Action.Wait(web, 1, NOW.plusSeconds(4)), new Action.LookAgain(NOW.plusSeconds(4))),
        situation.decide());
  }

  @Test
  void aDelayOfAnOlderConfigurationHoldsNothingBack() {
    AppSpec changed = AnApp.called("/web").instances(1).version(2).spec();
    situation.app(changed);
    situation.delay(new LaunchDelay(web.id(), web.version(), 60_000, NOW.plusSeconds(60), 9));
    assertEquals(List.of(new Action.Launch(changed, 1)), situation.decide());
  }

  @Test
  void aFailureOfAnOlderConfigurationDoesNotDelayTheNewOne() {
    AppSpec changed = AnApp.called("/web").instances(1).version(2).spec();
    situation.version(web).app(changed);
    situation.delay(new LaunchDelay(web.id(), changed.version(), 1000, NOW.minusSeconds(1), 1));
    situation.task(web, TaskState.FAILED, null, NOW);
    assertEquals(Optional.empty(), delay());
  }

  @Test
  void aDelayIsForgottenWhenTheAppRanLongerThanTheCeiling() {
    AppSpec calm = AnApp.called("/web").backoff(1, 1.15, 30).version(1).spec();
    situation.app(calm).running(1, calm);
    situation.delay(new LaunchDelay(calm.id(), calm.version(), 1000, NOW.minusSeconds(59), 1));
    assertEquals(List.of(new Action.ForgetDelay(calm.id())), situation.decide());
  }

  @Test
  void unhealthyOnceMoreThanAllowedIsReplacedAndThenKilled() {
    AppSpec checked = AnApp.called("/web").httpCheck(3).version(1).spec();
    situation.app(checked);
    Task sick =
        situation.task(
            checked,
            TaskState.RUNNING,
            null,
            NOW.minusSeconds(60),
            List.of(Situation.failing(4)),
            10);
    assertTrue(situation.decide().contains(new Action.Launch(checked, 1)));
    assertEquals(List.of(), kills(KillReason.UNHEALTHY));
    situation.task(
        checked, TaskState.RUNNING, null, NOW.minusSeconds(60), List.of(Situation.healthy()), 10);
    assertEquals(
        List.of(new Action.Kill(sick, KillReason.UNHEALTHY, "500 Internal Server Error")),
        situation.decide());
  }

  @Test
  void unhealthyAsOftenAsAllowedStays() {
    AppSpec checked = AnApp.called("/web").httpCheck(3).version(1).spec();
    situation.app(checked);
    unhealthy(checked, 3);
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void zeroAllowedFailuresMeansNeverKilled() {
    AppSpec checked = AnApp.called("/web").httpCheck(0).version(1).spec();
    situation.app(checked);
    unhealthy(checked, 50);
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void aTaskThatNeverComesUpIsOverdue() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    Task slow = situation.app(one).task(one, TaskState.STAGING, null, NOW.minusSeconds(300));
    List<Action> decided = situation.decide();
    assertEquals(List.of(slow.id()), kills(KillReason.OVERDUE));
    assertTrue(decided.contains(new Action.Launch(one, 1)));
  }

  @Test
  void tasksOfASilentAgentAreLostAndReplacedInTheSameTurn() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    Task task = situation.app(one).task(one, TaskState.RUNNING);
    situation.node(Situation.agent("n1", 1000, NOW.minusSeconds(30)));
    assertEquals(
        List.of(new Action.DeclareLost(task), new Action.Launch(one, 1)), situation.decide());
  }

  @Test
  void aLeaderThatJustBeganGivesAgentsTimeToReport() {
    situation.app(web).running(3, web);
    situation.node(Situation.agent("n1", 1000, NOW.minusSeconds(3000)));
    situation.config = Situation.CONFIG.watchingSince(NOW.minusSeconds(29));
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void anUnreachableTaskIsWaitedForAsLongAsTheAppSays() {
    AppSpec patient =
        AnApp.called("/web").unreachable(new UnreachableStrategy(false, 300, 600)).spec();
    situation.app(patient).task(patient, TaskState.UNREACHABLE, null, NOW.minusSeconds(299));
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void anUnreachableTaskIsReplacedThenForgotten() {
    AppSpec patient =
        AnApp.called("/web").unreachable(new UnreachableStrategy(false, 300, 600)).spec();
    situation.app(patient).task(patient, TaskState.UNREACHABLE, null, NOW.minusSeconds(300));
    assertEquals(List.of(new Action.Launch(patient, 1)), situation.decide());
    Situation later = new Situation();
    Task gone =
        later.app(patient).task(patient, TaskState.UNREACHABLE, null, NOW.minusSeconds(600));
    assertEquals(List.of(new Action.Expunge(gone), new Action.Launch(patient, 1)), later.decide());
  }

  @Test
  void withDisabledStrategyAnUnreachableTaskIsWaitedForForEver() {
    AppSpec loyal = AnApp.called("/db").unreachable(UnreachableStrategy.DISABLED).spec();
    situation.app(loyal).task(loyal, TaskState.UNREACHABLE, null, NOW.minusSeconds(999_999));
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void aNewAppIsStartedThenScaled() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    situation.deploying(0, List.of(), List.of(one));
    List<String> told = situation.decide().stream().map(ReconcilerTest::name).toList();
    assertEquals(List.of("BeginStep", "FinishStep", "BeginStep", "Launch"), told);
  }

  @Test
  void aDeploymentOfTasksThatNeverComeUpWaitsWithoutALimit() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    situation.deploying(2, List.of(), List.of(one));
    situation.delay(new LaunchDelay(one.id(), one.version(), 300_000, NOW.plusSeconds(9), 99));
    assertEquals(
        List.of("Wait", "LookAgain"),
        situation.decide().stream().map(ReconcilerTest::name).toList());
  }

  @Test
  void aDeploymentEndsWhenItsTasksRunAreHealthyAndServed() {
    AppSpec checked = AnApp.called("/web").httpCheck(3).version(1).spec();
    situation.deploying(2, List.of(), List.of(checked));
    situation.task(
        checked, TaskState.RUNNING, null, NOW.minusSeconds(1), List.of(Situation.healthy()), 10);
    assertEquals(
        List.of("FinishStep", "Complete"),
        situation.decide().stream().map(ReconcilerTest::name).toList());
  }

  @Test
  void aRunningTaskWithoutAHealthResultHasNotArrived() {
    AppSpec checked = AnApp.called("/web").httpCheck(3).version(1).spec();
    situation.deploying(2, List.of(), List.of(checked)).running(1, checked);
    assertEquals(List.of(), situation.decide());
  }

  @Test
  void aTaskThatANodeDoesNotServeYetIsWaitedForUntilTheTimeout() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    situation.deploying(2, List.of(), List.of(one));
    situation.node(Situation.agent("n2", 9, NOW));
    situation.task(one, TaskState.RUNNING, null, NOW.minusMillis(1999), List.of(), 10);
    assertEquals(List.of(new Action.LookAgain(NOW.plusMillis(1))), situation.decide());
    Situation later = new Situation();
    later.deploying(2, List.of(), List.of(one));
    later.node(Situation.agent("n2", 9, NOW));
    later.task(one, TaskState.RUNNING, null, NOW.minusMillis(2000), List.of(), 10);
    assertTrue(later.decide().stream().anyMatch(a -> a instanceof Action.Complete));
  }

  @Test
  void aSilentNodeIsNotWaitedFor() {
    AppSpec one = AnApp.called("/web").version(1).spec();
    situation.deploying(2, List.of(), List.of(one));
    situation.node(Situation.agent("n2", 9, NOW.minusSeconds(11)));
    situation.task(one, TaskState.RUNNING, null, NOW, List.of(), 10);
    assertTrue(situation.decide().stream().anyMatch(a -> a instanceof Action.Complete));
  }

  @Test
  void aRestartStartsNewOnesFirstAndKillsNone() {
    AppSpec changed = AnApp.called("/web").instances(3).cmd("sleep 2").version(2).spec();
    situation.deploying(1, List.of(web), List.of(changed)).running(3, web);
    assertEquals(List.of(new Action.Launch(changed, 3)), situation.decide());
  }

  @Test
  void anOldTaskGoesOnlyWhenANewOneIsServed() {
    AppSpec changed = AnApp.called("/web").instances(3).cmd("sleep 2").version(2).spec();
    situation.deploying(1, List.of(web), List.of(changed)).running(3, web);
    situation.node(Situation.agent("n1", 9, NOW));
    situation.task(changed, TaskState.RUNNING, null, NOW, List.of(), 10);
    situation.task(changed, TaskState.STAGING, null, NOW, List.of(), 10);
    situation.task(changed, TaskState.STAGING, null, NOW, List.of(), 10);
    assertEquals(List.of(), kills(KillReason.REPLACED));
    situation.node(Situation.agent("n1", 10, NOW));
    assertEquals(1, kills(KillReason.REPLACED).size());
  }

  @Test
  void aRestartEndsWhenNoOldTaskIsLeft() {
    AppSpec changed = AnApp.called("/web").instances(1).cmd("sleep 2").version(2).spec();
    situation.deploying(1, List.of(web), List.of(changed)).running(1, changed);
    Task dying = situation.task(web, TaskState.KILLING, KillReason.REPLACED, NOW);
    assertEquals(List.of(), situation.decide());
    Situation later = new Situation();
    later.deploying(1, List.of(web), List.of(changed)).running(1, changed);
    later.task(web, TaskState.KILLED, dying.goal().kill(), NOW);
    assertTrue(later.decide().stream().anyMatch(a -> a instanceof Action.Complete));
  }

  @Test
  void anAppWhoseStepHasNotComeKeepsItsOldDefinition() {
    AppSpec oldDb = AnApp.called("/db").version(1).spec();
    AppSpec newDb = AnApp.called("/db").cmd("new").version(2).spec();
    AppSpec newWeb =
        AnApp.called("/web").instances(3).cmd("new").dependsOn("/db").version(2).spec();
    situation.deploying(1, List.of(oldDb, web), List.of(newDb, newWeb)).running(1, oldDb);
    situation.running(2, web);
    List<Action> decided = situation.decide();
    assertTrue(decided.contains(new Action.Launch(newDb, 1)), decided.toString());
    assertTrue(decided.contains(new Action.Launch(web, 1)), decided.toString());
  }

  @Test
  void aRemovedAppIsStoppedThenForgotten() {
    situation.deploying(1, List.of(web), List.of()).removed(web.id());
    situation.running(2, web);
    assertEquals(2, kills(KillReason.APP_STOPPED).size());
    Situation later = new Situation();
    later.deploying(1, List.of(web), List.of()).removed(web.id());
    Task last = later.task(web, TaskState.KILLED, KillReason.APP_STOPPED, NOW);
    List<Action> decided = later.decide();
    assertEquals(new Action.Expunge(last), decided.get(0));
    assertEquals(
        List.of("Expunge", "FinishStep", "Complete", "ForgetApp"),
        decided.stream().map(ReconcilerTest::name).toList());
  }

  @Test
  void aRemovedAppThatNeverHadATaskIsForgottenToo() {
    World before = situation.deploying(0, List.of(web), List.of()).removed(web.id()).world();
    World bare =
        new World(
            before.revision(),
            before.apps(),
            Map.of(),
            List.of(),
            before.deployments(),
            List.of(),
            List.of(),
            before.agents());
    assertTrue(
        Reconciler.reconcile(bare, NOW, Situation.CONFIG).contains(new Action.ForgetApp(web.id())));
  }

  @Test
  void tasksOfAnAppThatIsNowhereAreStopped() {
    situation.version(web).running(1, web);
    assertEquals(1, kills(KillReason.APP_STOPPED).size());
  }

  @Test
  void aDeploymentWithoutStepsEndsAtOnce() {
    situation.deploying(0, List.of(web), List.of(web)).running(3, web);
    assertEquals(
        List.of("Complete"), situation.decide().stream().map(ReconcilerTest::name).toList());
  }

  @Test
  void scalingDownEndsWhenTheSurplusIsGone() {
    AppSpec one = AnApp.called("/web").instances(1).version(2, 1).spec();
    situation.deploying(1, List.of(web), List.of(one)).running(1, web);
    situation.task(web, TaskState.KILLING, KillReason.SCALED_DOWN, NOW);
    assertEquals(List.of(), situation.decide());
    Situation later = new Situation();
    later.deploying(1, List.of(web), List.of(one)).running(1, web);
    assertTrue(later.decide().stream().anyMatch(a -> a instanceof Action.Complete));
  }

  @Test
  void theSameWorldAlwaysGivesTheSameDecisions() {
    AppSpec changed = AnApp.called("/web").instances(3).cmd("sleep 2").version(2).spec();
    situation.deploying(1, List.of(web), List.of(changed)).running(5, web);
    situation.task(changed, TaskState.FAILED, null, NOW);
    assertEquals(situation.decide(), situation.decide());
  }

  private void unhealthy(AppSpec spec, int failures) {
    situation.task(
        spec,
        TaskState.RUNNING,
        null,
        NOW.minusSeconds(60),
        List.of(Situation.failing(failures)),
        10);
  }

  private List<TaskId> kills(KillReason reason) {
    return situation.decide().stream()
        .filter(a -> a instanceof Action.Kill kill && kill.reason() == reason)
        .map(a -> ((Action.Kill) a).task().id())
        .toList();
  }

  private Optional<LaunchDelay> delay() {
    return situation.decide().stream()
        .filter(a -> a instanceof Action.Delay)
        .map(a -> ((Action.Delay) a).delay())
        .findFirst();
  }

  private static String name(Action action) {
    return action.getClass().getSimpleName();
  }
}
