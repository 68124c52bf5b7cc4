package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A node that plays 200 agents: hundreds of tasks, none of them a process. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SimulatedAgentsE2eIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path dir;
  static Node node;

  @BeforeAll
  static void start() throws IOException {
    node = Node.start(dir.resolve("data"), settings(200));
  }

  private static Map<String, String> settings(int agents) {
    return Map.of(
        "dromos.node.roles", "master,edge",
        "dromos.simulated.agents", String.valueOf(agents),
        "dromos.simulated.attributes", "rack:r{10}");
  }

  @AfterAll
  static void stop() throws IOException {
    node.close();
  }

  private static Map<String, JsonNode> running(String app) throws Exception {
    Map<String, JsonNode> tasks = new HashMap<>();
    for (JsonNode task : node.json("/v2/apps/" + app + "/tasks").path("tasks")) {
      if (task.path("state").asText().equals("TASK_RUNNING")) {
        tasks.put(task.path("id").asText(), task);
      }
    }
    return tasks;
  }

  @Test
  @Order(1)
  void fiveHundredInstancesRunOnTheAgentsAndNoneIsAProcess() throws Exception {
    node.deploy(
        """
        {"id":"/many","instances":500,"cpus":0.1,"mem":32,"cmd":"exit 1",
         "healthChecks":[{"protocol":"HTTP","path":"/","intervalSeconds":5}],
         "constraints":[["rack","GROUP_BY","10"]]}""");
    Await.until(
        "all run and are healthy",
        SOON,
        () -> node.json("/v2/apps/many").path("app").path("tasksHealthy").asInt() == 500);
    Await.until("deployed", SOON, () -> node.json("/v2/deployments").isEmpty());
    Set<String> agents = new HashSet<>();
    running("many").values().forEach(task -> agents.add(task.path("slaveId").asText()));
    assertTrue(agents.size() > 100, agents.size() + " agents have tasks");
    assertFalse(Files.exists(dir.resolve("data").resolve("sandboxes").resolve("many")));
    assertTrue(node.log().contains("SIMULATED agents"), "the log says so");
  }

  @Test
  @Order(2)
  void aTaskThatFailsOnItsScriptIsTriedAgainWithBackoff() throws Exception {
    node.deploy(
        """
        {"id":"/failing","instances":1,"cpus":0.1,"mem":32,"cmd":"true","backoffSeconds":1,
         "env":{"DROMOS_SIMULATED":"start=10ms,run=20ms,exit=3"}}""");
    JsonNode failure =
        Await.value(
            "its failure is told",
            SOON,
            () -> {
              JsonNode last =
                  node.json("/v2/apps/failing?embed=app.lastTaskFailure")
                      .path("app")
                      .path("lastTaskFailure");
              return last.isObject() ? last : null;
            });
    assertEquals("TASK_FAILED", failure.path("state").asText());
    assertTrue(failure.path("message").asText().contains("status 3"), failure.toString());
    Await.until(
        "the queue tells of its delay",
        SOON,
        () -> {
          for (JsonNode entry : node.json("/v2/queue").path("queue")) {
            if (entry.path("app").path("id").asText().equals("/failing")) {
              return !entry.path("delay").path("overdue").asBoolean(true);
            }
          }
          return false;
        });
    assertEquals(200, node.send("DELETE", "/v2/apps/failing?force=true", "").statusCode());
  }

  @Test
  @Order(3)
  void tasksOfAgentsThatAreNotPlayedAnyMoreAreLostAndReplaced() throws Exception {
    Map<String, JsonNode> before = running("many");
    node.restart(settings(150));
    Await.until(
        "the agents left", SOON, () -> node.json("/mesos/slaves").path("slaves").size() == 150);
    Set<String> left = new HashSet<>();
    node.json("/mesos/slaves").path("slaves").forEach(slave -> left.add(slave.path("id").asText()));
    // An agent has 30 seconds to come back before its tasks count as unreachable.
    Map<String, JsonNode> after =
        Await.value(
            "500 run on those that are left",
            Duration.ofSeconds(120),
            () -> {
              Map<String, JsonNode> tasks = running("many");
              tasks.values().removeIf(task -> !left.contains(task.path("slaveId").asText()));
              return tasks.size() >= 500 ? tasks : null;
            });
    before.forEach(
        (id, task) ->
            assertEquals(
                left.contains(task.path("slaveId").asText()),
                after.containsKey(id),
                id + " stays where its agent stays"));
  }
}
