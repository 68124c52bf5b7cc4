package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** 143–156: deployments, the queue, upgrades, health and readiness. */
interface DeploymentChecks extends Section {
  private static String unplaceable(int check) {
    return "{\"id\":\"c%d\",\"cmd\":\"exec sleep 1000\",\"mem\":32,\"cpus\":10000}"
        .formatted(check);
  }

  private JsonNode queued(int check) {
    return Await.value(
        "c" + check + " in the queue",
        Marathon.LIMIT,
        () -> {
          for (JsonNode entry : marathon().get("/v2/queue").at("/queue")) {
            if (entry.path("app").path("id").asText().equals("/c" + check)) {
              return entry;
            }
          }
          return null;
        });
  }

  private Answer begun(int check) {
    marathon().createAndSettle(Section.sleeper("c" + check));
    return Expect.result(marathon().put("/v2/apps/c" + check, UpdateChecks.ENDLESS));
  }

  @Check(143)
  default void anIdleServerDeploysNothing() {
    marathon().settle();
    Expect.json("[]", Expect.status(200, marathon().get("/v2/deployments")).json());
  }

  @Check(144)
  default void aDeploymentHasAllItsFields() {
    String id = begun(144).at("/deploymentId").asText();
    JsonNode deployment =
        Await.value(
            "its first step",
            Marathon.LIMIT,
            () -> {
              JsonNode now = marathon().deployment(id);
              return now.path("currentStep").asInt() == 1 ? now : null;
            });
    assertTrue(
        Expect.names(deployment)
            .containsAll(
                Set.of(
                    "id",
                    "version",
                    "affectedApps",
                    "affectedPods",
                    "steps",
                    "currentActions",
                    "currentStep",
                    "totalSteps")),
        deployment::toString);
    Expect.json("[\"/c144\"]", deployment.path("affectedApps"));
    Expect.json("[]", deployment.path("affectedPods"));
    Expect.json(
        "[{\"actions\":[{\"action\":\"RestartApplication\",\"app\":\"/c144\"}]}]",
        deployment.path("steps"));
    assertEquals(
        "RestartApplication", deployment.path("currentActions").path(0).path("action").asText());
    Expect.json("[]", deployment.path("currentActions").path(0).path("readinessCheckResults"));
    assertTrue(deployment.path("version").asText().matches(Expect.VERSION));
  }

  @Check(145)
  default void aNewAppIsStartedThenScaled() {
    String id = marathon().create(unplaceable(145)).header("Marathon-Deployment-Id");
    JsonNode deployment = marathon().deployment(id);
    Expect.json(
        """
        [{"actions":[{"action":"StartApplication","app":"/c145"}]},
         {"actions":[{"action":"ScaleApplication","app":"/c145"}]}]""",
        deployment.path("steps"));
    assertEquals(2, deployment.path("totalSteps").asInt());
  }

  @Check(146)
  default void cancellingAnUpdateRestoresWhatWas() {
    String id = begun(146).at("/deploymentId").asText();
    Answer undone = Expect.result(marathon().delete("/v2/deployments/" + id));
    assertNotEquals(id, undone.at("/deploymentId").asText());
    marathon().settle(undone);
    marathon().settle();
    JsonNode app = marathon().app("c146");
    assertEquals(0.1, app.path("cpus").asDouble());
    assertEquals(1, app.path("tasksRunning").asInt());
  }

  @Check(147)
  default void cancellingACreateRemovesTheApp() {
    String id = marathon().create(unplaceable(147)).header("Marathon-Deployment-Id");
    marathon().settle(Expect.result(marathon().delete("/v2/deployments/" + id)));
    Expect.status(404, marathon().get("/v2/apps/c147"));
  }

  @Check(148)
  default void aForcedCancelLeavesEverythingAsItIs() {
    String id = begun(148).at("/deploymentId").asText();
    Answer answer = Expect.status(202, marathon().delete("/v2/deployments/" + id + "?force=true"));
    assertEquals("", answer.text());
    marathon().settle();
    assertEquals(10000, marathon().app("c148").path("cpus").asInt());
    assertEquals(1, marathon().running("c148").size());
  }

  @Check(149)
  default void anUnknownDeploymentCannotBeCancelled() {
    Expect.message(404, "DeploymentPlan x does not exist", marathon().delete("/v2/deployments/x"));
    Expect.message(
        404, "DeploymentPlan x does not exist", marathon().delete("/v2/deployments/x?force=true"));
  }

  @Check(150)
  default void whatCannotBePlacedWaitsInTheQueue() {
    marathon().create(unplaceable(150));
    JsonNode entry = queued(150);
    assertEquals(1, entry.path("count").asInt());
    assertTrue(entry.path("delay").path("overdue").asBoolean(), entry::toString);
    assertEquals(0, entry.path("delay").path("timeLeftSeconds").asInt(-1));
    assertTrue(entry.path("since").asText().matches(Expect.VERSION), entry::toString);
    assertEquals(10000, entry.path("app").path("cpus").asInt());
    assertEquals("exec sleep 1000", entry.path("app").path("cmd").asText());
    JsonNode summary = entry.path("processedOffersSummary");
    List<String> reasons = new ArrayList<>();
    summary.path("rejectSummaryLastOffers").forEach(r -> reasons.add(r.path("reason").asText()));
    assertEquals(
        List.of(
            "UnfulfilledRole",
            "UnfulfilledConstraint",
            "NoCorrespondingReservationFound",
            "AgentMaintenance",
            "InsufficientCpus",
            "InsufficientMemory",
            "InsufficientDisk",
            "InsufficientGpus",
            "InsufficientPorts",
            "DeclinedScarceResources"),
        reasons);
    assertTrue(
        summary.path("rejectSummaryLastOffers").path(4).path("declined").asInt() > 0,
        summary::toString);
    assertTrue(summary.path("unusedOffersCount").isInt(), summary::toString);
    assertTrue(summary.path("processedOffersCount").isInt(), summary::toString);
  }

  @Check(151)
  default void failuresDelayTheNextLaunchUntilTheDelayIsReset() {
    marathon()
        .create(
            """
            {"id":"c151","cmd":"exit 1","cpus":0.1,"mem":32,"backoffSeconds":1,
             "backoffFactor":60,"maxLaunchDelaySeconds":600}""");
    Await.until(
        "a delay that grew",
        Marathon.LIMIT,
        () -> {
          JsonNode delay = queued(151).path("delay");
          return !delay.path("overdue").asBoolean() && delay.path("timeLeftSeconds").asInt() > 1;
        });
    String failed = lastFailure(151);
    assertEquals("", Expect.status(204, marathon().delete("/v2/queue//c151/delay")).text());
    Await.until("another attempt", Marathon.LIMIT, () -> !lastFailure(151).equals(failed));
  }

  private String lastFailure(int check) {
    return marathon().app("c" + check).path("lastTaskFailure").path("taskId").asText();
  }

  @Check(152)
  default void whatIsNotQueuedHasNoDelay() {
    Expect.message(
        404,
        "Application /nope not found in tasks queue.",
        marathon().delete("/v2/queue/nope/delay"));
  }

  /** What was seen of an app's tasks while it changed. */
  record Seen(int fewestRunning, int mostActive, int fewestOld) {}

  private Seen watch(int check, String change) {
    List<String> old = Marathon.ids(marathon().tasks("c" + check));
    Answer started = Expect.result(marathon().put("/v2/apps/c" + check, change));
    String id = started.at("/deploymentId").asText();
    int[] seen = {Integer.MAX_VALUE, 0, Integer.MAX_VALUE};
    Await.until(
        "the end of " + id,
        Marathon.LIMIT,
        () -> {
          List<JsonNode> tasks = marathon().tasks("c" + check);
          List<JsonNode> running =
              tasks.stream().filter(t -> Marathon.state(t).equals("TASK_RUNNING")).toList();
          seen[0] = Math.min(seen[0], running.size());
          seen[1] = Math.max(seen[1], tasks.size());
          boolean anyNew = tasks.stream().anyMatch(t -> !old.contains(t.path("id").asText()));
          if (!anyNew) {
            seen[2] = Math.min(seen[2], running.size());
          }
          return !marathon().deploymentIds().contains(id);
        });
    return new Seen(seen[0], seen[1], seen[2]);
  }

  private static String upgrade(int instances, double health, double over) {
    return ",\"instances\":%d,\"upgradeStrategy\":{\"minimumHealthCapacity\":%s,"
            .formatted(instances, health)
        + "\"maximumOverCapacity\":%s}".formatted(over);
  }

  @Check(153)
  default void fullCapacityIsReplacedOneExtraAtATime() {
    marathon().createAndSettle(Section.sleeper("c153", upgrade(3, 1, 0)));
    Seen seen = watch(153, "{\"env\":{\"A\":\"1\"}}");
    assertTrue(seen.fewestRunning() >= 3, seen::toString);
    assertTrue(seen.mostActive() <= 4, seen::toString);
    assertEquals(3, marathon().awaitRunning("c153", 3).size());
  }

  @Check(154)
  default void halfCapacityIsKilledFirst() {
    marathon().createAndSettle(Section.sleeper("c154", upgrade(4, 0.5, 0)));
    Seen seen = watch(154, "{\"env\":{\"A\":\"1\"}}");
    assertTrue(seen.mostActive() <= 4, seen::toString);
    assertTrue(seen.fewestRunning() >= 2, seen::toString);
    assertTrue(seen.fewestOld() <= 3, "nothing was killed before the first start: " + seen);
    assertEquals(4, marathon().awaitRunning("c154", 4).size());
  }

  private static String probed(String id, int port, String more) {
    return Section.sleeper(
        id,
        """
        ,"healthChecks":[{"protocol":"HTTP","path":"/h","port":%d,"gracePeriodSeconds":300,
         "intervalSeconds":1,"timeoutSeconds":1,"maxConsecutiveFailures":3}]%s"""
            .formatted(port, more));
  }

  /**
   * Without room for a replacement the kill is Marathon's; with room the replacement comes first.
   */
  @Check(value = 155, adr = 13)
  default void healthIsWaitedForAndItsLossKills() throws IOException {
    try (Probed probed = new Probed()) {
      probed.status(503);
      Answer created = marathon().create(probed("c155", probed.port(), upgrade(1, 1, 0)));
      String id = created.header("Marathon-Deployment-Id");
      Await.until("two probes", Marathon.LIMIT, () -> probed.count("/h") >= 2);
      assertTrue(marathon().deploymentIds().contains(id));
      assertEquals(0, marathon().app("c155").path("tasksHealthy").asInt(-1));
      probed.status(200);
      marathon().settle(created);
      marathon().createAndSettle(probed("c155-room", probed.port(), ""));
      String task = healthyTask("c155");
      String replaced = healthyTask("c155-room");
      try (EventReader events = EventReader.open(marathon(), "")) {
        probed.status(503);
        events.await("unhealthy_instance_kill_event", e -> isKill(e, task));
        assertEquals(4, failures(events, "/c155"), events::received);
        marathon().awaitRunning("c155-room", 2);
        assertTrue(Marathon.ids(marathon().running("c155-room")).contains(replaced));
        probed.status(200);
      }
    }
  }

  private String healthyTask(String app) {
    JsonNode healthy = marathon().app(app);
    assertEquals(1, healthy.path("tasksHealthy").asInt(), healthy::toString);
    return healthy.path("tasks").path(0).path("id").asText();
  }

  private static boolean isKill(JsonNode event, String task) {
    return event.path("taskId").asText().equals(task);
  }

  private static long failures(EventReader events, String app) {
    List<EventReader.Event> all = events.events();
    long failures = 0;
    for (EventReader.Event event : all) {
      if (event.data().path("appId").asText().equals(app)) {
        if (event.type().equals("unhealthy_instance_kill_event")) {
          return failures;
        }
        failures += event.type().equals("failed_health_check_event") ? 1 : 0;
      }
    }
    return failures;
  }

  @Check(156)
  default void readinessIsWaitedFor() throws IOException {
    int port = Probed.freePort();
    Answer created =
        marathon()
            .create(
                Section.sleeper(
                    "c156",
                    """
                    ,"requirePorts":true,"portDefinitions":[{"port":%d,"name":"http-api"}],
                     "readinessChecks":[{"path":"/ready","intervalSeconds":2,"timeoutSeconds":1,
                     "preserveLastResponse":true}]"""
                        .formatted(port)));
    marathon().awaitRunning("c156", 1);
    String id = created.header("Marathon-Deployment-Id");
    // The port is the task's: a node refuses to start a task on one that is taken.
    try (Probed probed = new Probed(port)) {
      probed.status(503);
      JsonNode result =
          Await.value(
              "a readiness result",
              Marathon.LIMIT,
              () -> {
                JsonNode now = readiness(id);
                return now.path("lastResponse").path("status").asInt() == 503 ? now : null;
              });
      assertFalse(result.path("ready").asBoolean(true), result::toString);
      assertEquals("readinessCheck", result.path("name").asText());
      assertTrue(result.path("taskId").asText().startsWith("c156."), result::toString);
      probed.status(200);
      marathon().settle(created);
    }
  }

  private JsonNode readiness(String deployment) {
    return marathon()
        .deployment(deployment)
        .path("currentActions")
        .path(0)
        .path("readinessCheckResults")
        .path(0);
  }
}
