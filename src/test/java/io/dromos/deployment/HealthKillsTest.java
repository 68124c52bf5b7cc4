package io.dromos.deployment;

import static io.dromos.deployment.Situation.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.placement.Refusal;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When unhealthy tasks are stopped, told in situations. */
class HealthKillsTest {
  private final Situation situation = new Situation();

  @Test
  void aReplacementComesFirstWhereTheAppMayExceedItsCount() {
    AppSpec web = checked(2).spec();
    situation.app(web);
    running(web, well());
    Task sick = running(web, sick(4, NOW));
    List<Action> decided = situation.decide();
    assertTrue(decided.contains(new Action.Launch(web, 1)), decided.toString());
    assertEquals(List.of(), kills(decided));
    assertTrue(decided.contains(new Action.LookAgain(NOW.plusSeconds(120))), decided.toString());
    running(web, well());
    assertEquals(List.of(sick.id()), kills(situation.decide()), "the replacement has arrived");
  }

  @Test
  void aReplacementThatIsNotHealthyYetIsWaitedForAndNotForEver() {
    AppSpec web = checked(1).spec();
    situation.app(web);
    Task sick = running(web, sick(4, NOW));
    running(web, HealthResult.UNKNOWN);
    assertEquals(List.of(), kills(situation.decide()));
    Situation later = new Situation();
    later.app(web);
    Task still = sickFor(later, web, Duration.ofSeconds(120));
    assertEquals(List.of(still.id()), kills(later.decide()));
    assertEquals(sick.appId(), still.appId());
  }

  @Test
  void withoutRoomForMoreOneAfterTheOtherIsStopped() {
    AppSpec web = checked(3).upgrade(0, 0).spec();
    situation.app(web);
    running(web, well());
    Task first = running(web, sick(5, NOW));
    running(web, sick(4, NOW));
    assertEquals(List.of(first.id()), kills(situation.decide()));
    situation.task(
        web, TaskState.KILLING, KillReason.UNHEALTHY, NOW.minusSeconds(5), List.of(), 10);
    assertEquals(List.of(), kills(situation.decide()), "one is going already");
  }

  @Test
  void whenNoAgentHasRoomTheUnhealthyOneMakesIt() {
    AppSpec web = checked(1).spec();
    Refusal refusal = new Refusal(NOW, List.of(), "no agent has the memory");
    situation.app(web).queued(new QueueEntry(web.id(), 1, NOW, null, refusal, 1, 1));
    Task sick = running(web, sick(4, NOW));
    assertEquals(List.of(sick.id()), kills(situation.decide()));
  }

  @Test
  void oneThatNeverWasHealthyIsStoppedAtOnce() {
    AppSpec web = checked(1).spec();
    situation.app(web);
    HealthResult never = HealthResult.UNKNOWN;
    for (int i = 0; i < 4; i++) {
      never = never.failed(NOW.minusSeconds(4 - i), "503");
    }
    Task task = running(web, never);
    assertEquals(List.of(task.id()), kills(situation.decide()));
  }

  @Test
  void marathonsWayIsASetting() {
    AppSpec web = checked(2).spec();
    situation.app(web);
    situation.config = Situation.CONFIG.health(new HealthLimits(0.5, 5, Duration.ZERO));
    running(web, well());
    Task sick = running(web, sick(4, NOW));
    assertEquals(List.of(sick.id()), kills(situation.decide()));
  }

  @Test
  void whenHalfOfAllTurnAtOnceNobodyIsKilledAndItIsSaid() {
    AppSpec web = checked(10).spec();
    situation.app(web);
    for (int i = 0; i < 5; i++) {
      running(web, well());
      running(web, sick(4, NOW.minusMillis(i * 100L)));
    }
    List<Action> decided = situation.decide();
    assertEquals(List.of(), kills(decided));
    assertTrue(decided.contains(new Action.HoldHealthKills(null, 5, 10)), decided.toString());
    assertTrue(decided.stream().noneMatch(Action.Launch.class::isInstance), decided.toString());
  }

  @Test
  void oneAgentAloneCanHaveTheProblem() {
    AppSpec web = checked(25).spec();
    situation.app(web);
    for (int i = 0; i < 5; i++) {
      running(web, sick(4, NOW));
    }
    situation.node(Situation.agent("n2", 1000, NOW));
    for (int i = 0; i < 20; i++) {
      situation.on("n2", web, well());
    }
    List<Action> decided = situation.decide();
    assertEquals(List.of(), kills(decided));
    assertTrue(decided.contains(new Action.HoldHealthKills("n1", 5, 5)), decided.toString());
  }

  @Test
  void thoseThatTurnOneAfterTheOtherAreNoMassFailure() {
    AppSpec web = checked(10).spec();
    situation.app(web);
    for (int i = 0; i < 8; i++) {
      running(web, sick(4, NOW.minusSeconds(130 + i * 30L)));
    }
    assertEquals(8, kills(situation.decide()).size());
  }

  @Test
  void fewAreNoMassFailure() {
    AppSpec web = checked(4).spec();
    situation.app(web);
    situation.config = Situation.CONFIG.health(new HealthLimits(0.5, 5, Duration.ZERO));
    for (int i = 0; i < 4; i++) {
      running(web, sick(4, NOW));
    }
    assertEquals(4, kills(situation.decide()).size());
  }

  @Test
  void whenItIsOverTheRestIsKilled() {
    AppSpec web = checked(10).spec();
    situation.app(web);
    situation.config = Situation.CONFIG.health(new HealthLimits(0.5, 5, Duration.ZERO));
    for (int i = 0; i < 8; i++) {
      running(web, well());
    }
    Task left = running(web, sick(9, NOW));
    running(web, well());
    assertEquals(List.of(left.id()), kills(situation.decide()));
  }

  private static AnApp checked(int instances) {
    return AnApp.called("/web").instances(instances).httpCheck(3).version(1);
  }

  private Task running(AppSpec app, HealthResult health) {
    return situation.on("n1", app, health);
  }

  private static Task sickFor(Situation situation, AppSpec app, Duration time) {
    return situation.on("n1", app, sick(4, NOW.minus(time)));
  }

  private static HealthResult well() {
    return HealthResult.UNKNOWN.succeeded(NOW.minusSeconds(500)).succeeded(NOW.minusSeconds(1));
  }

  /**
   * Healthy once, and failing so many times in a row, last at an instant; probes are ten seconds
   * apart.
   */
  private static HealthResult sick(int times, Instant last) {
    HealthResult result = HealthResult.UNKNOWN.succeeded(NOW.minusSeconds(500));
    for (int i = times - 1; i >= 0; i--) {
      result = result.failed(last.minusSeconds(10L * i), "500 Internal Server Error");
    }
    return result;
  }

  private static List<TaskId> kills(List<Action> decided) {
    return decided.stream()
        .filter(Action.Kill.class::isInstance)
        .map(action -> ((Action.Kill) action).task().id())
        .toList();
  }
}
