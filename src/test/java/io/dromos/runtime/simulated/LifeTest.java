package io.dromos.runtime.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.runtime.RuntimeStatus;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LifeTest {
  private static final Instant T0 = Instant.parse("2026-11-25T10:00:00Z");

  private static Life life(String script) {
    return Life.begun(new TaskId("a.1"), Script.PLAIN.with(script), T0);
  }

  private static Instant at(long millis) {
    return T0.plusMillis(millis);
  }

  private static Integer exitCode(RuntimeStatus status) {
    return assertInstanceOf(RuntimeStatus.Ended.class, status).exitCode();
  }

  @Test
  void aTaskStartsRunsAndExitsOnItsScript() {
    Life life = life("start=50ms,run=10s,exit=3");
    assertEquals(new RuntimeStatus.Preparing(""), life.at(at(49)));
    assertEquals(Optional.of(at(50)), life.nextChange(at(49)));
    RuntimeStatus.Running running = assertInstanceOf(RuntimeStatus.Running.class, life.at(at(50)));
    assertEquals(at(50), running.startedAt());
    assertEquals(Optional.of(at(10_050)), life.nextChange(at(50)));
    assertEquals(3, exitCode(life.at(at(10_050))));
    assertEquals(life.at(at(10_050)), life.at(at(99_000)), "its end stays what it was");
    assertEquals(Optional.empty(), life.nextChange(at(10_050)));
  }

  @Test
  void withoutAnEndItRunsUntilItIsStopped() {
    Life life = life("stop=2s");
    assertEquals(Optional.empty(), life.nextChange(at(0)));
    assertInstanceOf(RuntimeStatus.Running.class, life.at(at(900_000)));
    Life asked = life.stopped(at(1_000), Duration.ofSeconds(3)).stopped(at(2_000), Duration.ZERO);
    assertInstanceOf(RuntimeStatus.Running.class, asked.at(at(2_999)));
    assertEquals(Optional.of(at(3_000)), asked.nextChange(at(1_000)));
    assertEquals(143, exitCode(asked.at(at(3_000))));
  }

  @Test
  void aTaskThatStopsTooSlowlyIsKilledAfterItsGrace() {
    Life asked = life("stop=1m").stopped(at(1_000), Duration.ofSeconds(3));
    assertInstanceOf(RuntimeStatus.Running.class, asked.at(at(3_999)));
    assertEquals(137, exitCode(asked.at(at(4_000))));
  }

  @Test
  void anExitBeforeTheStopTookEffectIsItsOwn() {
    Life asked = life("run=2s,exit=9,stop=1m").stopped(at(1_000), Duration.ofSeconds(3));
    assertEquals(9, exitCode(asked.at(at(5_000))));
  }

  @Test
  void aStopBeforeTheStartEndsItAtOnce() {
    Life asked = life("start=1s").stopped(at(500), Duration.ofSeconds(3));
    assertEquals(null, exitCode(asked.at(at(500))));
    assertInstanceOf(RuntimeStatus.Ended.class, asked.at(at(5_000)));
  }

  @Test
  void aLaunchCanFailForOnceOrForGood() {
    assertFalse(
        assertInstanceOf(RuntimeStatus.Failed.class, life("start=1s,launch=fail").at(at(1_000)))
            .permanent());
    assertTrue(
        assertInstanceOf(RuntimeStatus.Failed.class, life("launch=refuse").at(at(0))).permanent());
  }

  @Test
  void healthFollowsTheAgeOfTheTask() {
    Life life = life("start=1s,healthy=2s,sick=5s");
    assertFalse(life.isHealthy(at(500)), "it does not run yet");
    assertFalse(life.isHealthy(at(2_999)));
    assertTrue(life.isHealthy(at(3_000)));
    assertTrue(life.isHealthy(at(5_999)));
    assertFalse(life.isHealthy(at(6_000)));
  }

  @Test
  void theOddsSayHowManyTasksEndByThemselves() {
    Script script = Script.PLAIN.with("run=1s,exit=1,odds=30%");
    long ended =
        IntStream.range(0, 1_000)
            .filter(
                i ->
                    Life.begun(new TaskId("a.instance-" + i), script, T0).at(at(2_000))
                        instanceof RuntimeStatus.Ended)
            .count();
    assertTrue(ended > 200 && ended < 400, ended + " of 1000");
  }
}
