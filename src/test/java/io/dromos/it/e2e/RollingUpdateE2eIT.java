package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
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

/**
 * Ten instances with health checks: a rolling update, a version that never gets healthy, one that
 * crashes, one that is taken back by hand. What the API and the command line say at each moment is
 * asserted, and written to {@code target/rolling-update.txt}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollingUpdateE2eIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int INSTANCES = 10;
  private static final int MINIMUM = 8;
  private static final int MAXIMUM = 12;

  @TempDir static Path dir;
  static Node node;
  static RollingUpdateTranscript transcript;

  @BeforeAll
  static void start() throws IOException {
    node = Node.start(dir.resolve("data"), Map.of());
    transcript = new RollingUpdateTranscript(node, "/web");
  }

  @AfterAll
  static void stop() throws IOException {
    transcript.write(Path.of("target", "rolling-update.txt"));
    node.close();
  }

  @Test
  @Order(1)
  void tenInstancesArriveAndAreReplacedWithoutFallingBelowTheMinimum() throws Exception {
    transcript.title("Ten instances of version 1");
    node.deploy(app("\"env\":{\"SIMPLE_SERVICE_VERSION\":\"1\"}"));
    transcript.follow(PATIENCE, sample -> sample.running() <= INSTANCES);
    assertEquals(INSTANCES, transcript.sample().healthy());
    Set<String> before = ids();

    transcript.title("Version 2, a rolling update");
    String update = put("{\"env\":{\"SIMPLE_SERVICE_VERSION\":\"2\"}}");
    transcript.follow(PATIENCE, RollingUpdateE2eIT::keepsItsPromises);
    assertEquals("succeeded", status(update).path("status").asText());
    assertEquals("2", version());
    Set<String> after = ids();
    assertEquals(INSTANCES, after.size());
    assertTrue(after.stream().noneMatch(before::contains), "all are new");
  }

  @Test
  @Order(2)
  void aVersionThatNeverGetsHealthyGivesWayToTheOneThatWorked() throws Exception {
    Set<String> before = ids();
    transcript.title("Version 3, which never gets healthy, with a deadline of 10 seconds");
    String update =
        put(
            """
            {"env":{"SIMPLE_SERVICE_VERSION":"3","HEALTH_MIN":"60000","HEALTH_MAX":"60001"},
             "labels":{"DROMOS_DEPLOYMENT_DEADLINE_SECONDS":"10"}}""");
    transcript.awaitStep(update);
    HttpResponse<String> locked = node.send("PUT", "/v2/apps/web", "{\"instances\":11}");
    transcript.say("$ curl -X PUT …/v2/apps/web -d '{\"instances\":11}'\n" + locked.body());
    assertEquals(409, locked.statusCode());
    assertTrue(locked.body().contains("[{\"id\":\"" + update + "\"}]"), locked.body());
    assertTrue(locked.body().contains("step 1 of 1 (RestartApplication /web)"), locked.body());
    assertTrue(locked.body().contains("of 10 new instances have arrived"), locked.body());
    transcript.follow(PATIENCE, RollingUpdateE2eIT::keepsItsPromises);
    JsonNode failed = status(update);
    assertEquals("failed", failed.path("status").asText());
    assertTrue(
        failed.path("reason").asText().contains("did not end within 10 seconds"),
        failed.toString());
    assertRestored(before, "2");
    Node.Output watched = transcript.cli("marathon", "deployment", "watch", update);
    assertEquals(1, watched.status());
    assertTrue(watched.text().contains("failed: The deployment did not end"), watched.text());
    assertTrue(
        node.get("/console/why/web").body().contains(update), node.get("/console/why/web").body());
  }

  @Test
  @Order(3)
  void aVersionThatCrashesGivesWayToo() throws Exception {
    Set<String> before = ids();
    transcript.title("Version 4, which crashes, with a deadline of 10 seconds");
    String update =
        put(
            """
            {"cmd":"echo cannot start >&2; exit 3","env":{"SIMPLE_SERVICE_VERSION":"4"},
             "labels":{"DROMOS_DEPLOYMENT_DEADLINE_SECONDS":"10"}}""");
    transcript.follow(PATIENCE, RollingUpdateE2eIT::keepsItsPromises);
    JsonNode failed = status(update);
    assertEquals("failed", failed.path("status").asText());
    assertTrue(failed.path("reason").asText().contains("launch delay"), failed.toString());
    assertRestored(before, "2");
    JsonNode failure = node.json("/v2/apps/web").path("app").path("lastTaskFailure");
    assertEquals("TASK_FAILED", failure.path("state").asText());
    transcript.say("lastTaskFailure: " + failure.path("message").asText());
  }

  @Test
  @Order(4)
  void anUpdateIsTakenBackByHand() throws Exception {
    Set<String> before = ids();
    transcript.title("Version 5, which never gets healthy, without a deadline: taken back by hand");
    String update =
        put(
            "{\"env\":{\"SIMPLE_SERVICE_VERSION\":\"5\",\"HEALTH_MIN\":\"60000\",\"HEALTH_MAX\":\"60001\"}}");
    transcript.awaitStep(update);
    Node.Output rollback = transcript.cli("marathon", "deployment", "rollback", update);
    assertEquals(0, rollback.status(), rollback.text());
    assertTrue(rollback.text().contains("which undoes " + update), rollback.text());
    transcript.follow(PATIENCE, RollingUpdateE2eIT::keepsItsPromises);
    assertRestored(before, "2");
  }

  /** Ten healthy instances of the version, those of them that nobody had to stop still the same. */
  private static void assertRestored(Set<String> before, String version) throws Exception {
    assertEquals(version, version());
    assertEquals(INSTANCES, transcript.sample().healthy());
    Set<String> now = ids();
    now.retainAll(before);
    assertTrue(now.size() >= MINIMUM, now.size() + " of the working instances were left alone");
  }

  private static boolean keepsItsPromises(RollingUpdateTranscript.Sample sample) {
    return sample.healthy() >= MINIMUM && sample.tasks() <= MAXIMUM;
  }

  private static String app(String more) {
    return """
        {"id":"/web","instances":%d,"cpus":0.1,"mem":32,"cmd":"%s","portDefinitions":[{}],
         "healthChecks":[{"protocol":"HTTP","path":"/health","portIndex":0,"gracePeriodSeconds":300,
                          "intervalSeconds":1,"timeoutSeconds":1,"maxConsecutiveFailures":3}],
         "upgradeStrategy":{"minimumHealthCapacity":0.8,"maximumOverCapacity":0.2},%s}"""
        // A second of start-up, as services have, so that a person could watch.
        .formatted(INSTANCES, "sleep 1; " + Apps.serviceCommand(), more);
  }

  private static String put(String json) throws Exception {
    HttpResponse<String> answer = node.send("PUT", "/v2/apps/web", json);
    transcript.say("$ curl -X PUT …/v2/apps/web -d '" + json.replaceAll("\\s+", " ") + "'");
    transcript.say(answer.body());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue("Marathon-Deployment-Id").orElseThrow();
  }

  private static JsonNode status(String deployment) throws Exception {
    return node.json("/console/deployments/" + deployment);
  }

  private static String version() throws Exception {
    return node.json("/v2/apps/web")
        .path("app")
        .path("env")
        .path("SIMPLE_SERVICE_VERSION")
        .asText();
  }

  private static Set<String> ids() throws Exception {
    Set<String> ids = new HashSet<>();
    node.json("/v2/apps/web/tasks").path("tasks").forEach(t -> ids.add(t.path("id").asText()));
    return ids;
  }
}
