package io.dromos.store.jpa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.Agent;
import io.dromos.store.Samples;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.ReadinessResult;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentCodecTest {
  private static <T> String roundTrip(T value, Class<T> type) {
    String json = DocumentCodec.encode(value);
    assertEquals(value, DocumentCodec.decode(json, type), json);
    return json;
  }

  @Test
  void everyStoredRecordComesBackEqual() {
    TaskGoal goal = Samples.goal("/shop/web", "n1");
    roundTrip(Samples.app("/shop/web", Samples.T0), AppSpec.class);
    roundTrip(goal, TaskGoal.class);
    roundTrip(goal.killed(KillReason.UNHEALTHY, Samples.T0).atRevision(9), TaskGoal.class);
    roundTrip(TaskObservation.staging(goal.id(), Samples.T0), TaskObservation.class);
    roundTrip(
        Samples.deployment("d", Samples.T0, "/a", "/b")
            .ended(Deployment.Status.FAILED, "cancelled", Samples.T0),
        Deployment.class);
    roundTrip(Samples.delay("/a", 3), LaunchDelay.class);
    roundTrip(Samples.queued("/a", 3), QueueEntry.class);
    roundTrip(Samples.failure("/a", "x"), TaskFailure.class);
    roundTrip(Samples.agent("n", "c-S0", Samples.T0, 7), Agent.class);
  }

  @Test
  void instantsKeepTheirNanosecondsAndAbsentValuesStayAbsent() {
    TaskObservation seen =
        new TaskObservation(
            new TaskId("sise.3f7a3b9e-0000-11e6-8b77-000000000001"),
            TaskState.KILLED,
            Instant.parse("2026-11-02T10:00:00.123456789Z"),
            null,
            "",
            null,
            null,
            List.of(
                HealthResult.UNKNOWN,
                HealthResult.UNKNOWN.succeeded(Instant.parse("2026-11-02T10:00:00Z"))),
            List.of(
                new ReadinessResult("warm", true, null),
                new ReadinessResult(
                    "loaded", false, new ReadinessResult.LastResponse(503, "text/plain", "wait"))),
            List.of("172.17.0.2", "fd00::2"),
            3);
    String json = roundTrip(seen, TaskObservation.class);
    assertTrue(json.contains("\"2026-11-02T10:00:00.123456789Z\""), json);
    assertTrue(json.contains("\"id\":\"sise.3f7a"), json);
  }

  @Test
  void onlyComponentsAreWritten() {
    String json = DocumentCodec.encode(Samples.deployment("d", Samples.T0, "/a"));
    assertFalse(json.contains("\"running\""), json);
    assertFalse(json.contains("affectedApps"), json);
    assertFalse(
        DocumentCodec.encode(Samples.agent("n", "i", Samples.T0, 0)).contains("\"agent\":"));
  }

  @Test
  void documentsOfNeighbouringReleasesAreReadable() {
    AppSpec spec =
        DocumentCodec.decode(
            "{\"id\":\"/a\",\"fromTheFuture\":1,\"network\":{\"mode\":\"HOST\"}}", AppSpec.class);
    assertEquals(List.of(), spec.ports());
    assertEquals(List.of(), spec.network().attachments());
    TaskObservation seen =
        DocumentCodec.decode(
            "{\"id\":\"a.3f7a3b9e-0000-11e6-8b77-000000000001\",\"state\":\"RUNNING\","
                + "\"since\":\"2026-11-02T10:00:00Z\",\"message\":\"\",\"health\":[],\"revision\":4}",
            TaskObservation.class);
    assertEquals(List.of(), seen.readiness());
    assertEquals(List.of(), seen.addresses());
  }

  @Test
  void aNulCharacterIsReplaced() {
    TaskFailure failure = Samples.failure("/a", "a\0b");
    String json = DocumentCodec.encode(failure);
    assertFalse(json.contains("\\u0000"), json);
    assertEquals("a\uFFFDb", DocumentCodec.decode(json, TaskFailure.class).message());
  }

  @Test
  void brokenDocumentsNameTheirType() {
    IllegalStateException broken =
        assertThrows(
            IllegalStateException.class, () -> DocumentCodec.decode("{\"id\":", AppSpec.class));
    assertTrue(broken.getMessage().contains("AppSpec"), broken.getMessage());
  }
}
