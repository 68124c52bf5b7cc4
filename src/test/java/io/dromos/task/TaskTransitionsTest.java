package io.dromos.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskTransitionsTest {
  private static final Instant T0 = Instant.parse("2026-11-02T10:00:00Z");
  private static final TaskObservation STAGING =
      TaskObservation.staging(new TaskId("a.3f7a3b9e-0000-11e6-8b77-000000000001"), T0);
  private static final TaskObservation RUNNING =
      TaskTransitions.next(
              STAGING, new TaskEvent.Started(T0.plusSeconds(1), "c0ffee", List.of("172.17.0.2")))
          .next();
  private static final List<ReadinessResult> READY =
      List.of(
          new ReadinessResult(
              "warm", true, new ReadinessResult.LastResponse(200, "text/plain", "yes")));

  @Test
  void aStartedTaskKeepsItsOwnAddressesToTheEnd() {
    TaskObservation ended =
        TaskTransitions.next(RUNNING, new TaskEvent.Exited(T0.plusSeconds(9), 1, false, "boom"))
            .next();
    assertEquals(TaskState.FAILED, ended.state());
    assertEquals(List.of("172.17.0.2"), ended.addresses());
  }

  @Test
  void readinessChangesWithoutAnEventAndSurvivesEveryOtherChange() {
    Transition transition =
        TaskTransitions.next(RUNNING, new TaskEvent.ReadinessProbed(T0.plusSeconds(2), READY));
    assertTrue(transition.legal());
    assertTrue(transition.changesAnything());
    assertEquals(Set.of(), transition.effects());
    TaskObservation ready = transition.next();
    assertEquals(READY, ready.readiness());
    TaskObservation later =
        TaskTransitions.next(
                ready,
                new TaskEvent.Probed(
                    T0.plusSeconds(3), List.of(HealthResult.UNKNOWN.succeeded(T0))))
            .next();
    assertEquals(
        READY,
        TaskTransitions.next(later, new TaskEvent.Stopping(T0.plusSeconds(4))).next().readiness());
  }

  @Test
  void anEndedTaskBecomesNoReadierAndNoHealthier() {
    TaskObservation ended =
        TaskTransitions.next(RUNNING, new TaskEvent.Exited(T0.plusSeconds(9), 0, false, "")).next();
    Transition late =
        TaskTransitions.next(ended, new TaskEvent.ReadinessProbed(T0.plusSeconds(10), READY));
    assertFalse(late.legal());
    assertFalse(late.changesAnything());
  }

  @Test
  void newWordsOfAStartingTaskKeepEverythingElse() {
    TaskObservation fetching =
        TaskTransitions.next(STAGING, new TaskEvent.Starting(T0.plusSeconds(1), "fetching")).next();
    TaskObservation pulling =
        TaskTransitions.next(fetching, new TaskEvent.Starting(T0.plusSeconds(2), "pulling")).next();
    assertEquals(fetching.withMessage("pulling"), pulling);
    assertEquals(T0.plusSeconds(1), pulling.since());
  }
}
