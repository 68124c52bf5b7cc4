package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Apps and tasks with what is embedded (marathon-api reference, 1.6 and 8.3). */
class AppViewsTest {
  private static final Instant NOW = Instant.parse("2024-01-01T12:00:20Z");
  private static final Instant STAGED = Instant.parse("2024-01-01T12:00:01Z");
  private static final String UUID = "c7c311a4-b669-11e6-a48f-0ea4f4b1778c";

  private final Stores stores = MemoryStores.create(Clock.fixed(NOW, ZoneOffset.UTC));
  private final AppViews views = new AppViews(stores, Clock.fixed(NOW, ZoneOffset.UTC));
  private final AppSpec app =
      Wire.spec(
              """
              {"id":"/sise","cmd":"sleep 1","portDefinitions":[{"port":10000}],
               "healthChecks":[{"path":"/health"}]}""")
          .withVersion(
              Instant.parse("2024-01-01T12:00:00Z"),
              Instant.parse("2024-01-01T12:00:00Z"),
              Instant.parse("2024-01-01T12:00:00Z"));

  @Test
  void aListShowsCountsAndDeploymentsAndTasksOnlyWhenAsked() {
    stores.apps().save(app);
    JsonNode plain = list();
    assertEquals(0, plain.path("tasksRunning").asInt(-1));
    assertTrue(plain.path("deployments").isArray());
    for (String absent :
        List.of("tasks", "lastTaskFailure", "taskStats", "readinessCheckResults")) {
      assertFalse(plain.has(absent), absent);
    }
    assertTrue(list("apps.tasks").path("tasks").isArray());
    assertFalse(list("apps.foo").has("tasks"));
    assertTrue(list("apps.readiness").path("readinessCheckResults").isArray());
  }

  @Test
  void oneAppShowsItsTasksCountsAndLastFailure() {
    stores.apps().save(app);
    stores.tasks().launch(List.of(goal()));
    stores
        .tasks()
        .recordFailure(
            new TaskFailure(
                app.id(),
                id(),
                "10.0.0.5",
                "n1",
                TaskState.FAILED,
                "exited with status 3",
                NOW,
                app.version()));
    JsonNode seen = one();
    assertEquals(1, seen.path("tasksStaged").asInt());
    assertEquals("TASK_STAGING", seen.path("tasks").path(0).path("state").asText());
    assertEquals("TASK_FAILED", seen.path("lastTaskFailure").path("state").asText());
    assertFalse(seen.has("taskStats"));
    JsonNode stats = one("app.taskStats").path("taskStats");
    assertEquals(
        Wire.tree("{\"staged\":1,\"running\":0,\"healthy\":0,\"unhealthy\":0}"),
        stats.path("totalSummary").path("stats").path("counts"));
    assertFalse(stats.has("withOutdatedConfig"));
    assertFalse(stats.path("totalSummary").path("stats").has("lifeTime"));
  }

  @Test
  void aRunningTaskLooksAsMarathonShowsIt() {
    HealthResult healthy =
        HealthResult.UNKNOWN
            .succeeded(Instant.parse("2024-01-01T12:00:05Z"))
            .succeeded(Instant.parse("2024-01-01T12:00:15Z"));
    Task task = new Task(goal(), running(List.of(healthy)));
    assertEquals(
        Wire.tree(
            """
            {"id":"sise.%s","appId":"/sise","state":"TASK_RUNNING","host":"10.0.0.5",
             "ports":[31337],"servicePorts":[],
             "ipAddresses":[{"ipAddress":"10.0.0.5","protocol":"IPv4"}],
             "stagedAt":"2024-01-01T12:00:01.000Z","startedAt":"2024-01-01T12:00:03.000Z",
             "version":"2024-01-01T12:00:00.000Z",
             "healthCheckResults":[{"alive":true,"consecutiveFailures":0,
               "firstSuccess":"2024-01-01T12:00:05.000Z","lastSuccess":"2024-01-01T12:00:15.000Z",
               "instanceId":"sise.marathon-%s"}],
             "localVolumes":[],"role":"*"}"""
                .formatted(UUID, UUID)),
        Wire.tree(Json.write(TaskJson.of(task, app, null, false))));
    assertEquals(List.of(10000), TaskJson.of(task, app, null, true).servicePorts());
  }

  @Test
  void aCheckWithoutResultIsNotShown() {
    Task task = new Task(goal(), running(List.of(HealthResult.UNKNOWN)));
    assertEquals(List.of(), TaskJson.of(task, app, null, false).healthCheckResults());
  }

  @Test
  void healthCountsFollowMarathonsDefinitions() {
    Task healthy = new Task(goal(), running(List.of(HealthResult.UNKNOWN.succeeded(NOW))));
    Task sick = new Task(goal(), running(List.of(HealthResult.UNKNOWN.failed(NOW, "no"))));
    Task unknown = new Task(goal(), running(List.of()));
    assertEquals(
        new TaskStatsJson.CountsJson(0, 3, 1, 1),
        TaskStatsJson.CountsJson.of(List.of(healthy, sick, unknown)));
    JsonNode stats = Wire.tree(Json.write(TaskStatsJson.of(app, List.of(healthy, sick), NOW)));
    JsonNode lifeTime = stats.path("withLatestConfig").path("stats").path("lifeTime");
    assertEquals(17.0, lifeTime.path("averageSeconds").asDouble());
    assertEquals(17.0, lifeTime.path("medianSeconds").asDouble());
  }

  private JsonNode list(String... embed) {
    return Wire.tree(Json.write(views.list(a -> true, Embed.ofList(List.of(embed))))).path(0);
  }

  private JsonNode one(String... embed) {
    return Wire.tree(
        Json.write(views.find(AppId.of("/sise"), Embed.ofOne(List.of(embed))).orElseThrow()));
  }

  private static TaskId id() {
    return new TaskId("sise." + UUID);
  }

  private TaskGoal goal() {
    return new TaskGoal(
        id(),
        app.id(),
        app.version(),
        "n1",
        "10.0.0.5",
        List.of(31337),
        Resources.NONE,
        STAGED,
        null,
        null,
        1);
  }

  private static TaskObservation running(List<HealthResult> health) {
    Instant started = Instant.parse("2024-01-01T12:00:03Z");
    return new TaskObservation(
        id(),
        TaskState.RUNNING,
        started,
        started,
        "",
        null,
        "4711",
        health,
        List.of(),
        List.of(),
        2);
  }
}
