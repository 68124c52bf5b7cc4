package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** 157–172: ports, the environment of tasks, and the event stream. */
interface PortAndEventChecks extends Section {
  /** The environment that a task of this app found; it writes it into a file that we read. */
  private Map<String, String> env(int check, String more) throws IOException {
    Path file = Files.createTempFile("c" + check + "-", ".env");
    marathon()
        .create(
            """
            {"id":"c%d","cmd":"cat /proc/$$/environ > %s.part && mv %s.part %s && exec sleep 1000",
             "cpus":0.1,"mem":32%s}"""
                .formatted(check, file, file, file, more));
    String text =
        Await.value(
            "environment of c" + check,
            Marathon.LIMIT,
            () -> {
              String written = Files.readString(file);
              return written.isEmpty() ? null : written;
            });
    Files.delete(file);
    Map<String, String> env = new HashMap<>();
    for (String entry : text.split("\0")) {
      int equals = entry.indexOf('=');
      env.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return env;
  }

  private JsonNode task(int check) {
    return marathon().awaitRunning("c" + check, 1).get(0);
  }

  @Check(157)
  default void servicePortsAreAppsOwnAndKept() {
    marathon().createAndSettle(Section.sleeper("c157-a", ",\"instances\":0"));
    marathon().createAndSettle(Section.sleeper("c157-b", ",\"instances\":0"));
    JsonNode first = marathon().app("c157-a").path("portDefinitions").path(0).path("port");
    JsonNode second = marathon().app("c157-b").path("portDefinitions").path(0).path("port");
    assertNotEquals(first, second);
    String change = "{\"portDefinitions\":[{\"port\":0}]}";
    marathon().settle(Expect.result(marathon().put("/v2/apps/c157-b", change)));
    assertEquals(second, marathon().app("c157-b").path("portDefinitions").path(0).path("port"));
  }

  @Check(158)
  default void aRequiredPortIsTheHostPort() throws IOException {
    int port = Probed.freePort();
    marathon()
        .createAndSettle(
            Section.sleeper(
                "c158", ",\"requirePorts\":true,\"portDefinitions\":[{\"port\":" + port + "}]"));
    Expect.json("[" + port + "]", task(158).path("ports"));
  }

  @Check(159)
  default void portsAreInTheEnvironment() throws IOException {
    Map<String, String> env =
        env(159, ",\"portDefinitions\":[{\"port\":10050,\"name\":\"http-api\"}]");
    JsonNode task = task(159);
    String port = task.path("ports").path(0).asText();
    for (String name : List.of("PORT", "PORT0", "PORTS", "PORT_10050", "PORT_HTTP-API")) {
      assertEquals(port, env.get(name), name + " in " + env.keySet());
    }
    assertEquals(task.path("host").asText(), env.get("HOST"));
  }

  @Check(160)
  default void theAppIsInTheEnvironment() throws IOException {
    Map<String, String> env = env(160, "");
    JsonNode task = task(160);
    assertEquals(task.path("id").asText(), env.get("MESOS_TASK_ID"));
    assertEquals("/c160", env.get("MARATHON_APP_ID"));
    assertEquals(task.path("version").asText(), env.get("MARATHON_APP_VERSION"));
    assertEquals("0.1", env.get("MARATHON_APP_RESOURCE_CPUS"));
    assertEquals("32.0", env.get("MARATHON_APP_RESOURCE_MEM"));
    assertEquals("0.0", env.get("MARATHON_APP_RESOURCE_DISK"));
    assertEquals("0", env.get("MARATHON_APP_RESOURCE_GPUS"));
    assertEquals("", env.get("MARATHON_APP_LABELS"));
  }

  @Check(161)
  default void labelsAreInTheEnvironment() throws IOException {
    Map<String, String> env = env(161, ",\"labels\":{\"a.b-c\":\"x\",\"other\":\"y\"}");
    assertEquals("x", env.get("MARATHON_APP_LABEL_A_B_C"));
    assertEquals("y", env.get("MARATHON_APP_LABEL_OTHER"));
    assertEquals(Set.of("A_B_C", "OTHER"), Set.of(env.get("MARATHON_APP_LABELS").split(" ")));
  }

  @Check(162)
  default void theUsersEnvironmentWins() throws IOException {
    Map<String, String> env = env(162, ",\"env\":{\"PORT0\":\"1\",\"MINE\":\"a b\"}");
    assertEquals("1", env.get("PORT0"));
    assertEquals("a b", env.get("MINE"));
  }

  @Check(163)
  default void onlyContainersKnowTheirImage() throws IOException {
    assertFalse(env(163, "").containsKey("MARATHON_APP_DOCKER_IMAGE"));
    Map<String, String> container =
        new Container(marathon(), "c163-run").env("\"network\":\"HOST\"");
    assertEquals(Container.IMAGE, container.get("MARATHON_APP_DOCKER_IMAGE"));
  }

  @Check(164)
  default void eventsAreOnlyStreamed() {
    Answer answer = marathon().get("/v2/events", "Accept", "application/json");
    Expect.status(405, answer);
  }

  @Check(165)
  default void aStreamBeginsWithItsOwnAttachment() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "")) {
      assertEquals(200, events.status());
      assertTrue(
          events.header("Content-Type").startsWith("text/event-stream"),
          events.header("Content-Type"));
      assertEquals("", events.header("Content-Encoding"));
      JsonNode attached = events.await("event_stream_attached", e -> true);
      assertEquals("event_stream_attached", events.events().get(0).type());
      assertFalse(attached.path("remoteAddress").asText().isEmpty(), attached::toString);
      assertEquals("event_stream_attached", attached.path("eventType").asText());
      assertTrue(attached.path("timestamp").asText().matches(Expect.VERSION));
    }
  }

  @Check(166)
  default void aFrameEndsItsLinesWithCrLf() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "")) {
      events.await("event_stream_attached", e -> true);
      marathon().createAndSettle(Section.sleeper("c166"));
      events.await("deployment_success", e -> true);
      for (String frame : events.received().split("\r\n\r\n")) {
        String text = frame.strip();
        if (!text.isEmpty()) {
          assertTrue(
              text.matches(
                  "(id: [^\r\n]+\r\n)?event: \\w+\r\n(id: [^\r\n]+\r\n)?data: \\{[^\r\n]*\\}"),
              text);
        }
      }
      assertFalse(events.received().replace("\r\n", "").contains("\n"), events::received);
    }
  }

  @Check(167)
  default void anIdleStreamShowsThatItLives() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "?event_type=nothing")) {
      int before = events.received().length();
      Await.until("a heartbeat", Duration.ofSeconds(15), () -> events.received().length() > before);
      assertEquals(List.of(), events.events());
    }
  }

  @Check(168)
  default void aFilterLetsOnlyItsTypesPass() throws IOException {
    String query = "?event_type=deployment_success&event_type=no_such_event";
    try (EventReader events = EventReader.open(marathon(), query)) {
      String id =
          marathon().createAndSettle(Section.sleeper("c168")).header("Marathon-Deployment-Id");
      events.await("deployment_success", e -> e.path("id").asText().equals(id));
      events.events().forEach(e -> assertEquals("deployment_success", e.type()));
    }
  }

  @Check(169)
  default void aCreateIsToldWithWhoAskedForIt() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "?event_type=api_post_event")) {
      marathon().create(Section.sleeper("c169"));
      JsonNode event =
          events.await(
              "api_post_event", e -> e.path("appDefinition").path("id").asText().equals("/c169"));
      assertEquals("/v2/apps", event.path("uri").asText());
      assertEquals("127.0.0.1", event.path("clientIp").asText());
      assertEquals("exec sleep 1000", event.path("appDefinition").path("cmd").asText());
    }
  }

  @Check(170)
  default void aTasksStateIsToldWithAllItsFields() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "?event_type=status_update_event")) {
      marathon().createAndSettle(Section.sleeper("c170"));
      JsonNode event =
          events.await(
              "status_update_event",
              e ->
                  e.path("appId").asText().equals("/c170")
                      && e.path("taskStatus").asText().equals("TASK_RUNNING"));
      assertTrue(
          Expect.names(event)
              .containsAll(
                  Set.of(
                      "slaveId",
                      "taskId",
                      "taskStatus",
                      "message",
                      "appId",
                      "host",
                      "ipAddresses",
                      "ports",
                      "version")),
          event::toString);
      JsonNode task = task(170);
      assertEquals(task.path("id"), event.path("taskId"));
      assertEquals(task.path("slaveId"), event.path("slaveId"));
      assertEquals(task.path("ports"), event.path("ports"));
      assertEquals(task.path("host"), event.path("host"));
      assertEquals(task.path("version"), event.path("version"));
    }
  }

  @Check(171)
  default void aDeploymentIsToldFromStepToEnd() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "")) {
      String id = marathon().create(Section.sleeper("c171")).header("Marathon-Deployment-Id");
      JsonNode success = events.await("deployment_success", e -> planned(e, id));
      assertEquals(id, success.path("id").asText());
      List<String> types =
          events.events().stream()
              .filter(e -> planned(e.data(), id))
              .map(EventReader.Event::type)
              .toList();
      assertEquals(
          List.of(
              "deployment_info",
              "deployment_step_success",
              "deployment_info",
              "deployment_step_success",
              "deployment_success"),
          types);
    }
  }

  private static boolean planned(JsonNode event, String id) {
    return event.path("plan").path("id").asText().equals(id);
  }

  @Check(172)
  default void theEndOfAnAppAndAnUnhealthyKillAreTold() throws IOException {
    try (EventReader events = EventReader.open(marathon(), "");
        Probed probed = new Probed()) {
      marathon()
          .createAndSettle(
              Section.sleeper(
                  "c172",
                  """
                  ,"healthChecks":[{"protocol":"TCP","port":%d,"intervalSeconds":1,
                   "timeoutSeconds":1,"gracePeriodSeconds":0,"maxConsecutiveFailures":1}],
                   "upgradeStrategy":{"minimumHealthCapacity":1,"maximumOverCapacity":0}"""
                      .formatted(probed.port())));
      String task = task(172).path("id").asText();
      probed.stop();
      JsonNode kill =
          events.await(
              "unhealthy_instance_kill_event", e -> e.path("taskId").asText().equals(task));
      assertEquals("/c172", kill.path("appId").asText());
      for (String field : List.of("instanceId", "version", "reason", "host", "timestamp")) {
        assertFalse(kill.path(field).asText().isEmpty(), kill::toString);
      }
      marathon().delete("/v2/apps/c172");
      events.await("app_terminated_event", e -> e.path("appId").asText().equals("/c172"));
    }
  }
}
