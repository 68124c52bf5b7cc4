package io.dromos.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.placement.Refusal;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state in which a deployment may have to wait, and what it says then. */
class DeploymentProgressTest {
  private static final Instant NOW = Situation.NOW;
  private static final AppSpec V1 =
      AnApp.called("/web").instances(2).httpCheck(3).version(1).spec();
  private static final AppSpec V2 =
      AnApp.called("/web").instances(2).cmd("new").httpCheck(3).version(2).spec();
  private static final AppSpec PLAIN = AnApp.called("/web").instances(2).version(1).spec();
  private static final AppSpec READY =
      AnApp.called("/web").instances(1).readinessCheck("warm").version(1).spec();

  private static Arguments state(String phrase, Consumer<Situation> told) {
    return Arguments.of(Named.of(phrase, phrase), told);
  }

  static Stream<Arguments> waitingStates() {
    return Stream.of(
        state(
            "the leader takes it up at its next turn",
            s -> s.deploying(0, List.of(), List.of(PLAIN))),
        state("2 are not launched yet", s -> s.deploying(2, List.of(), List.of(PLAIN))),
        state(
            "2 have no place: no agent has 32 MiB of memory",
            s ->
                s.deploying(2, List.of(), List.of(PLAIN))
                    .queued(
                        entry(
                            null, new Refusal(NOW, List.of(), "no agent has 32 MiB of memory.")))),
        state(
            "2 wait for a place",
            s -> s.deploying(2, List.of(), List.of(PLAIN)).queued(entry(null, null))),
        state(
            "2 wait 30 s for the launch delay after 4 failures",
            s ->
                s.deploying(2, List.of(), List.of(PLAIN))
                    .queued(entry(NOW.plusSeconds(30), null))
                    .delay(
                        new LaunchDelay(
                            PLAIN.id(), PLAIN.version(), 60_000, NOW.plusSeconds(30), 4))),
        state(
            "1 is starting",
            s -> s.deploying(2, List.of(), List.of(PLAIN)).task(PLAIN, TaskState.STAGING)),
        state(
            "1 fails its health check",
            s -> {
              s.deploying(2, List.of(), List.of(V1));
              s.task(V1, TaskState.RUNNING, null, NOW, List.of(Situation.failing(2)), 10);
            }),
        state(
            "500 Internal Server Error, 2 in a row",
            s -> {
              s.deploying(2, List.of(), List.of(V1));
              s.task(V1, TaskState.RUNNING, null, NOW, List.of(Situation.failing(2)), 10);
            }),
        state(
            "2 have passed no health check yet",
            s -> s.deploying(2, List.of(), List.of(V1)).running(2, V1)),
        state("1 is not ready", s -> s.deploying(2, List.of(), List.of(READY)).running(1, READY)),
        state(
            "1 is not served by every data plane yet",
            s -> {
              s.node(Situation.agent("n1", 5, NOW)).deploying(2, List.of(), List.of(PLAIN));
              s.running(1, PLAIN);
              s.task(PLAIN, TaskState.RUNNING, null, NOW, List.of(), 10);
            }),
        state(
            "1 is unreachable",
            s -> {
              s.deploying(2, List.of(), List.of(away()));
              s.task(away(), TaskState.UNREACHABLE);
            }),
        state(
            "2 old instances go on until new ones have arrived",
            s -> {
              s.deploying(1, List.of(V1), List.of(V2));
              healthy(s, V1);
              healthy(s, V1);
            }),
        state(
            "1 more than wanted is to stop",
            s -> s.deploying(1, List.of(PLAIN), List.of(fewer())).running(2, PLAIN)),
        state(
            "1 has to stop",
            s -> {
              s.deploying(1, List.of(PLAIN), List.of(fewer())).running(1, PLAIN);
              s.task(PLAIN, TaskState.KILLING, KillReason.SCALED_DOWN, NOW);
            }),
        state(
            "2 have to stop",
            s -> s.deploying(1, List.of(PLAIN), List.of()).running(2, PLAIN).removed(PLAIN.id())));
  }

  @ParameterizedTest
  @MethodSource("waitingStates")
  void aDeploymentSaysWhatItWaitsFor(String phrase, Consumer<Situation> told) {
    Situation situation = new Situation();
    told.accept(situation);
    World world = situation.world();
    DeploymentProgress progress =
        DeploymentProgress.of(world.deployments().get(0), world, NOW, situation.config);
    assertTrue(progress.waitsFor().contains(phrase), progress.waitsFor());
    assertTrue(progress.sentence().contains(phrase), progress.sentence());
    assertTrue(progress.sentence().contains(progress.step()), progress.sentence());
  }

  @Test
  void aFinishedStepWaitsForTheNextTurnAlone() {
    Situation situation = new Situation().deploying(2, List.of(), List.of(PLAIN)).running(2, PLAIN);
    World world = situation.world();
    DeploymentProgress progress =
        DeploymentProgress.of(world.deployments().get(0), world, NOW, situation.config);
    assertEquals(List.of(), progress.awaited());
    assertEquals("nothing more: the leader's next turn ends the step", progress.waitsFor());
  }

  @Test
  void severalAppsOfAStepAreToldApart() {
    AppSpec db = AnApp.called("/db").version(1).spec();
    Situation situation = new Situation().deploying(2, List.of(), List.of(PLAIN, db));
    World world = situation.world();
    assertEquals(
        "/db: 0 of 1 instance has arrived, 1 is not launched yet;"
            + " /web: 0 of 2 instances have arrived, 2 are not launched yet",
        DeploymentProgress.of(world.deployments().get(0), world, NOW, situation.config).waitsFor());
  }

  @Test
  void theSentenceNamesDeploymentStepAndTime() {
    Situation situation = new Situation().deploying(2, List.of(), List.of(PLAIN));
    World world = situation.world();
    assertEquals(
        "Deployment d1 is at step 2 of 2 (ScaleApplication /web) since 2024-01-01T11:59:00Z (60 s):"
            + " 0 of 2 instances have arrived, 2 are not launched yet.",
        DeploymentProgress.of(world.deployments().get(0), world, NOW).sentence());
  }

  private static void healthy(Situation situation, AppSpec spec) {
    HealthResult result = Situation.healthy();
    situation.task(spec, TaskState.RUNNING, null, NOW.minusSeconds(60), List.of(result), 10);
  }

  private static AppSpec fewer() {
    return AnApp.called("/web").instances(1).version(2, 1).spec();
  }

  private static AppSpec away() {
    return AnApp.called("/web")
        .version(1)
        .unreachable(io.dromos.app.UnreachableStrategy.DISABLED)
        .spec();
  }

  private static QueueEntry entry(Instant notBefore, Refusal refusal) {
    return new QueueEntry(PLAIN.id(), 2, NOW.minusSeconds(9), notBefore, refusal, 1, 1);
  }
}
