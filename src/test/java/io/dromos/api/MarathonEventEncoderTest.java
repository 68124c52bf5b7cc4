package io.dromos.api;

import static io.dromos.api.WireFixtures.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentAction.Kind;
import io.dromos.deployment.DeploymentStep;
import io.dromos.store.ClusterEvent;
import io.dromos.store.StoredEvent;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Against the examples of the marathon-api reference, 6.3, with classic task ids. */
class MarathonEventEncoderTest {
  private static final AppSpec SISE =
      WireFixtures.app(
          """
          {"id":"/sise","cmd":"sleep 1000","cpus":0.1,"mem":32,
           "portDefinitions":[{"port":10000,"name":"default"}]}""");
  private static final Task TASK = WireFixtures.task(SISE, 0xc, TaskState.RUNNING, 31337);
  private static final String PLAN =
      """
      {"id":"97c136bf-5a28-4821-9d94-480d9fbb01c8",
       "steps":[{"actions":[{"action":"StartApplication","app":"/sise"}]},
                {"actions":[{"action":"ScaleApplication","app":"/sise"}]}],
       "version":"2024-01-01T12:00:00.000Z"}""";

  private final MarathonEventEncoder encoder = new MarathonEventEncoder(name -> "b1f1c8e4-S0");

  @Test
  void aCreateTellsWhoAskedForWhat() {
    JsonNode event = one(new ClusterEvent.ApiPost(NOON, "10.0.0.9", "/v2/apps/sise", SISE));
    assertEquals("10.0.0.9", event.path("clientIp").asText());
    assertEquals("/v2/apps/sise", event.path("uri").asText());
    JsonNode app = event.path("appDefinition");
    assertEquals("/sise", app.path("id").asText());
    assertEquals(0.1, app.path("cpus").asDouble());
    assertEquals("host", app.path("networks").path(0).path("mode").asText());
    assertEquals("2024-01-01T12:00:00.000Z", app.path("version").asText());
    assertEquals("api_post_event", event.path("eventType").asText());
  }

  @Test
  void groupChanges() {
    same(
        """
        {"groupId":"/","version":"2024-01-01T12:00:00.000Z",
         "eventType":"group_change_success","timestamp":"2024-01-01T12:00:00.110Z"}""",
        new ClusterEvent.GroupChanged(NOON.plusMillis(110), AppId.ROOT, NOON));
    same(
        """
        {"groupId":"/","version":"2024-01-01T12:00:00.000Z","reason":"App is locked",
         "eventType":"group_change_failed","timestamp":"2024-01-01T12:00:00.120Z"}""",
        new ClusterEvent.GroupChangeFailed(
            NOON.plusMillis(120), AppId.ROOT, NOON, "App is locked"));
  }

  @Test
  void deploymentStepsCarryThePlanAndTheStep() {
    same(
        """
        {"plan":%s,"currentStep":{"actions":[{"action":"StartApplication","app":"/sise"}]},
         "eventType":"deployment_info","timestamp":"2024-01-01T12:00:00.130Z"}"""
            .formatted(PLAN),
        new ClusterEvent.DeploymentStepBegan(NOON.plusMillis(130), deployment(1)));
    same(
        """
        {"plan":%s,"currentStep":{"actions":[{"action":"ScaleApplication","app":"/sise"}]},
         "eventType":"deployment_step_success","timestamp":"2024-01-01T12:00:04.000Z"}"""
            .formatted(PLAN),
        new ClusterEvent.DeploymentStepDone(NOON.plusSeconds(4), deployment(2)));
  }

  @Test
  void deploymentsEnd() {
    same(
        """
        {"id":"97c136bf-5a28-4821-9d94-480d9fbb01c8","plan":%s,
         "eventType":"deployment_success","timestamp":"2024-01-01T12:00:04.010Z"}"""
            .formatted(PLAN),
        new ClusterEvent.DeploymentSucceeded(NOON.plusMillis(4010), deployment(3)));
  }

  @Test
  void aDeploymentFailsWithTheStepItIsIn() {
    String failed =
        """
        {"id":"97c136bf-5a28-4821-9d94-480d9fbb01c8","plan":%s,
         "eventType":"deployment_failed","timestamp":"2024-01-01T12:00:04.010Z",
         "reason":"The upgrade has been cancelled"}"""
            .formatted(PLAN);
    Instant at = NOON.plusMillis(4010);
    String reason = "The upgrade has been cancelled";
    List<StoredEvent> both =
        encoder.encode(new ClusterEvent.DeploymentFailed(at, deployment(2), reason));
    assertEquals(
        tree(
            """
            {"plan":%s,"currentStep":{"actions":[{"action":"ScaleApplication","app":"/sise"}]},
             "eventType":"deployment_step_failure","timestamp":"2024-01-01T12:00:04.010Z"}"""
                .formatted(PLAN)),
        tree(both.get(0).json()));
    assertEquals(tree(failed), tree(both.get(1).json()));
    same(failed, new ClusterEvent.DeploymentFailed(at, deployment(0), reason));
  }

  @Test
  void tasksThatNobodyKnowsEnd() {
    same(
        """
        {"instanceId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c","runSpecId":"/sise",
         "condition":"Killed","timestamp":"2024-01-01T12:00:05.000Z",
         "eventType":"unknown_instance_terminated_event"}""",
        new ClusterEvent.UnknownTerminated(NOON.plusSeconds(5), TASK.id()));
  }

  @Test
  void aStatusUpdateComesWithTheInstanceChangeBehindIt() {
    List<StoredEvent> events =
        encoder.encode(new ClusterEvent.TaskStatus(NOON.plusSeconds(3), TASK));
    assertEquals(2, events.size());
    assertEquals(
        tree(
            """
            {"slaveId":"b1f1c8e4-S0","taskId":"sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
             "taskStatus":"TASK_RUNNING","message":"","appId":"/sise","host":"10.0.0.5",
             "ipAddresses":[{"ipAddress":"10.0.0.5","protocol":"IPv4"}],"ports":[31337],
             "version":"2024-01-01T12:00:00.000Z","eventType":"status_update_event",
             "timestamp":"2024-01-01T12:00:03.000Z"}"""),
        tree(events.get(0).json()));
    assertEquals(
        tree(
            """
            {"instanceId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
             "condition":"Running","runSpecId":"/sise","agentId":"b1f1c8e4-S0",
             "host":"10.0.0.5","runSpecVersion":"2024-01-01T12:00:00.000Z",
             "timestamp":"2024-01-01T12:00:03.000Z","eventType":"instance_changed_event"}"""),
        tree(events.get(1).json()));
    assertEquals("/sise", events.get(0).appId());
    assertEquals("status_update_event", events.get(0).type());
  }

  @Test
  void aTaskThatIsNotUpHasNoAddress() {
    Task staging = WireFixtures.task(SISE, 1, TaskState.STAGING, 31337);
    JsonNode event = tree(encoder.encode(new ClusterEvent.TaskStatus(NOON, staging)).get(0).json());
    assertEquals(tree("[]"), event.path("ipAddresses"));
    assertEquals("TASK_STAGING", event.path("taskStatus").asText());
  }

  @Test
  void unknownHealthIsNullAndNotLeftOut() {
    same(
        """
        {"instanceId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c","runSpecId":"/sise",
         "healthy":null,"runSpecVersion":"2024-01-01T12:00:00.000Z",
         "timestamp":"2024-01-01T12:00:05.000Z","eventType":"instance_health_changed_event"}""",
        new ClusterEvent.InstanceHealth(NOON.plusSeconds(5), TASK, null));
  }

  @Test
  void healthChecksBeginFlipAndFail() {
    HealthCheck check =
        new HealthCheck(
            HealthCheck.Protocol.HTTP, "/health", 0, null, null, 30, 10, 5, 3, 15, false, "IPv4");
    String wire =
        """
        {"gracePeriodSeconds":30,"ignoreHttp1xx":false,"intervalSeconds":10,
         "maxConsecutiveFailures":3,"path":"/health","portIndex":0,"protocol":"HTTP",
         "ipProtocol":"IPv4","timeoutSeconds":5,"delaySeconds":15}""";
    same(
        """
        {"appId":"/sise","eventType":"add_health_check_event","healthCheck":%s,
         "timestamp":"2024-01-01T12:00:00.200Z","version":"2024-01-01T12:00:00.000Z"}"""
            .formatted(wire),
        new ClusterEvent.HealthChecksAdded(NOON.plusMillis(200), SISE.id(), NOON, List.of(check)));
    same(
        """
        {"appId":"/sise","eventType":"failed_health_check_event","healthCheck":%s,
         "taskId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
         "timestamp":"2024-01-01T12:20:00.000Z"}"""
            .formatted(wire),
        new ClusterEvent.HealthCheckFailed(
            Instant.parse("2024-01-01T12:20:00Z"), TASK, check, HealthResult.UNKNOWN));
    same(
        """
        {"appId":"/sise","instanceId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
         "version":"2024-01-01T12:00:00.000Z","alive":false,
         "eventType":"health_status_changed_event","timestamp":"2024-01-01T12:20:00.001Z"}""",
        new ClusterEvent.HealthStatus(Instant.parse("2024-01-01T12:20:00.001Z"), TASK, false));
    same(
        """
        {"appId":"/sise","taskId":"sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
         "instanceId":"sise.marathon-c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
         "version":"2024-01-01T12:00:00.000Z","reason":"500 Internal Server Error",
         "host":"10.0.0.5","slaveId":"b1f1c8e4-S0",
         "eventType":"unhealthy_instance_kill_event","timestamp":"2024-01-01T12:20:30.000Z"}""",
        new ClusterEvent.UnhealthyKill(
            Instant.parse("2024-01-01T12:20:30Z"), TASK, "500 Internal Server Error"));
  }

  @Test
  void appsEndAndDrainsRunOut() {
    same(
        """
        {"appId":"/sise","eventType":"app_terminated_event",
         "timestamp":"2024-01-01T12:00:00.000Z"}""",
        new ClusterEvent.AppTerminated(NOON, SISE.id()));
    same(
        """
        {"appId":"/sise","taskId":"sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c","revision":42,
         "eventType":"drain_timed_out_event","timestamp":"2024-01-01T12:00:00.000Z"}""",
        new ClusterEvent.DrainTimedOut(NOON, TASK.id(), SISE.id(), 42));
  }

  @Test
  void theDataIsOneLine() {
    for (StoredEvent event :
        encoder.encode(new ClusterEvent.ApiPost(NOON, "::1", "/v2/apps", SISE))) {
      assertEquals(1, event.json().lines().count());
    }
  }

  /** Every type in the code is on the page, and what the page calls sent is in the code. */
  @Test
  void thePageOfEventsIsTheCode() throws IOException {
    Set<String> code = new TreeSet<>();
    for (Class<?> source : List.of(MarathonEventEncoder.class, EventStream.class)) {
      String text =
          Files.readString(Path.of("src/main/java", source.getName().replace('.', '/') + ".java"));
      Matcher type =
          Pattern.compile(
                  "\"((?:deployment_(?:info|success|failed)|\\w+_step_\\w+|group_change_\\w+"
                      + "|event_stream_(?:attached|detached)|\\w+_event))\"")
              .matcher(text);
      while (type.find()) {
        code.add(type.group(1));
      }
    }
    Set<String> sent = new TreeSet<>();
    Set<String> never = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("src/site/markdown/events.md"))) {
      Matcher row = Pattern.compile("\\| `([a-z_]+)` \\| (sent|ours|never) \\|.*").matcher(line);
      if (row.matches()) {
        (row.group(2).equals("never") ? never : sent).add(row.group(1));
      }
    }
    assertEquals(code, sent);
    assertTrue(never.stream().noneMatch(code::contains), never.toString());
    assertTrue(sent.size() > 20 && never.size() > 5);
  }

  static Deployment deployment(int step) {
    return new Deployment(
        "97c136bf-5a28-4821-9d94-480d9fbb01c8",
        NOON,
        List.of(),
        List.of(SISE),
        List.of(
            new DeploymentStep(List.of(new DeploymentAction(Kind.StartApplication, SISE.id()))),
            new DeploymentStep(List.of(new DeploymentAction(Kind.ScaleApplication, SISE.id())))),
        step,
        NOON,
        NOON,
        Deployment.Status.RUNNING,
        null,
        null,
        Deployment.Terms.NONE);
  }

  private JsonNode one(ClusterEvent event) {
    List<StoredEvent> events = encoder.encode(event);
    assertEquals(1, events.size());
    assertEquals(events.get(0).type(), tree(events.get(0).json()).path("eventType").asText());
    return tree(events.get(0).json());
  }

  private void same(String expected, ClusterEvent event) {
    assertEquals(tree(expected), one(event));
  }

  private static JsonNode tree(String json) {
    return Json.MAPPER.valueToTree(parse(json));
  }

  private static Object parse(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
