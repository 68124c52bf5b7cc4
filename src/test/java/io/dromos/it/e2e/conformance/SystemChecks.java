package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** 1–20: system resources and the HTTP layer. */
interface SystemChecks extends Section {
  @Check(1)
  default void pingAnswersPongAsText() {
    Answer answer = Expect.status(200, marathon().get("/ping", "Accept", "*/*"));
    assertEquals("pong", answer.text());
    assertTrue(answer.header("Content-Type").startsWith("text/plain"), answer::toString);
  }

  @Check(2)
  default void pingAnswersAJsonStringWhenOnlyJsonWillDo() {
    Answer answer = Expect.status(200, marathon().get("/ping", "Accept", "application/json"));
    assertEquals("\"pong\"", answer.text());
    assertTrue(answer.header("Content-Type").startsWith("application/json"), answer::toString);
  }

  @Check(3)
  default void infoHasMarathonsKeys() {
    Answer answer = Expect.status(200, marathon().get("/v2/info"));
    assertEquals(
        new TreeSet<>(
            List.of(
                "name",
                "version",
                "buildref",
                "elected",
                "leader",
                "frameworkId",
                "marathon_config",
                "zookeeper_config",
                "http_config")),
        Expect.names(answer.json()));
  }

  @Check(4)
  default void infoNamesMarathonAndAVersionThatClientsCanCompare() {
    Answer answer = marathon().get("/v2/info");
    assertEquals("marathon", answer.at("/name").asText());
    assertTrue(answer.at("/version").asText().matches("^\\d+\\.\\d+\\.\\d+"), answer::text);
  }

  @Check(5)
  default void infoHasNumbersForThePortRangeAndNullForWhatIsUnset() {
    JsonNode config = marathon().get("/v2/info").at("/marathon_config");
    assertTrue(config.path("local_port_min").isNumber(), config::toString);
    assertTrue(config.path("local_port_max").isNumber(), config::toString);
    assertTrue(config.path("webui_url").isNull(), config::toString);
    assertTrue(config.path("default_network_name").isNull(), config::toString);
  }

  @Check(6)
  default void infoHasTheHttpPortAsANumber() {
    assertTrue(marathon().get("/v2/info").at("/http_config/http_port").isNumber());
  }

  @Check(7)
  default void leaderIsHostAndPort() {
    Answer answer = Expect.status(200, marathon().get("/v2/leader"));
    assertTrue(answer.at("/leader").asText().matches("[^:/]+:\\d+"), answer::text);
    assertEquals(1, answer.json().size());
  }

  @Check(8)
  default void everyAnswerNamesTheLeaderAndForbidsCaching() {
    for (String path : List.of("/v2/apps", "/v2/info", "/v2/deployments", "/v2/apps/nope")) {
      Answer answer = marathon().get(path);
      assertTrue(answer.header("X-Marathon-Leader").matches("http://[^/]+:\\d+"), answer::toString);
      assertTrue(answer.header("Cache-Control").contains("no-store"), answer::toString);
      assertEquals("0", answer.header("Expires"), answer::toString);
      assertEquals("no-cache", answer.header("Pragma"), answer::toString);
      assertEquals("", answer.header("ETag"), answer::toString);
      assertEquals("", answer.header("Server"), answer::toString);
    }
  }

  @Check(9)
  default void pluginsIsAList() {
    assertTrue(Expect.status(200, marathon().get("/v2/plugins")).at("/plugins").isArray());
  }

  @Check(10)
  default void unknownUriIsNotFound() {
    for (String path : List.of("/v2/unknown", "/v2/unknown/deeper", "/v2", "/v3/apps")) {
      Answer answer = Expect.status(404, marathon().get(path));
      assertEquals("application/json", answer.header("Content-Type"), answer::toString);
      assertEquals("URI not found: " + path, answer.at("/message").asText());
    }
  }

  @Check(11)
  default void removedResourcesAreNotFound() {
    for (String path : List.of("/v2/artifacts", "/v2/eventSubscriptions", "/v2/schemas/app")) {
      Expect.message(404, "URI not found: " + path, marathon().get(path));
    }
    Expect.message(
        404,
        "URI not found: /v2/eventSubscriptions",
        marathon().post("/v2/eventSubscriptions", ""));
  }

  @Check(12)
  default void wrongVerbIsNotAllowed() {
    Expect.message(405, "Method Not Allowed", marathon().delete("/v2/info"));
    Expect.message(405, "Method Not Allowed", marathon().post("/v2/deployments", "{}"));
    Expect.message(405, "Method Not Allowed", marathon().post("/v2/info", "{}"));
  }

  @Check(13)
  default void anotherContentTypeIsUnsupported() {
    String app = Section.sleeper("c13");
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "text/html")) {
      Expect.message(
          415,
          "Unsupported Media Type",
          marathon().send("POST", "/v2/apps", app, "Content-Type", type));
    }
    Expect.message(
        415,
        "Unsupported Media Type",
        marathon().send("PUT", "/v2/apps/c13", app, "Content-Type", "text/plain"));
    Expect.status(404, marathon().get("/v2/apps/c13"));
  }

  @Check(14)
  default void onlyJsonIsServed() {
    Expect.message(406, "Not Acceptable", marathon().get("/v2/apps", "Accept", "image/png"));
    Expect.message(406, "Not Acceptable", marathon().get("/v2/info", "Accept", "text/html"));
    Expect.status(200, marathon().get("/v2/apps", "Accept", "text/html, */*;q=0.1"));
  }

  @Check(15)
  default void aGetMayNameAContentTypeItDoesNotHave() {
    for (String path : List.of("/v2/apps", "/v2/info", "/v2/deployments", "/v2/groups")) {
      Expect.status(200, marathon().get(path, "Content-Type", "application/json"));
    }
    Expect.status(
        404, marathon().send("DELETE", "/v2/apps/nope", null, "Content-Type", "text/xml"));
  }

  @Check(16)
  default void brokenJsonIsABadRequestWithTheParsersText() {
    Answer answer = Expect.message(400, "Invalid JSON", marathon().post("/v2/apps", "{"));
    assertTrue(answer.at("/details").isTextual(), answer::text);
    assertFalse(answer.at("/details").asText().isBlank(), answer::text);
  }

  @Check(17)
  default void anEmptyBodyIsABadRequest() {
    Answer answer =
        Expect.message(400, "Please specify data in JSON format", marathon().post("/v2/apps", ""));
    assertTrue(answer.at("/details").isTextual(), answer::text);
  }

  @Check(18)
  default void metricsHaveDropwizardsShapeAndRealNumbers() {
    marathon().createAndSettle(Section.sleeper("c18"));
    Answer answer = Expect.status(200, marathon().get("/metrics"));
    assertEquals(
        new TreeSet<>(List.of("version", "counters", "gauges", "histograms", "meters", "timers")),
        Expect.names(answer.json()));
    assertEquals(1, gauge(answer, "marathon.apps.active.gauge"));
    assertEquals(1, gauge(answer, "marathon.instances.running.gauge"));
    assertEquals(0, gauge(answer, "marathon.deployments.active.gauge"));
    assertTrue(gauge(answer, "marathon.jvm.memory.heap.used.gauge.bytes") > 1_000_000);
  }

  private static long gauge(Answer metrics, String name) {
    return metrics.json().path("gauges").path(name).path("value").asLong(-1);
  }

  @Check(19)
  default void loggingIsAMapOfLevels() {
    Answer answer = Expect.status(200, marathon().get("/logging"));
    assertTrue(answer.json().isObject() && !answer.json().isEmpty(), answer::text);
    answer.json().forEach(level -> assertTrue(level.isTextual(), answer::text));
    assertTrue(answer.json().has("ROOT"), answer::text);
    Answer set = marathon().post("/logging", "{\"logger\":\"io.dromos.c19\",\"level\":\"debug\"}");
    assertEquals(
        "debug", Expect.status(200, set).at("/level").asText().toLowerCase(java.util.Locale.ROOT));
    assertEquals("DEBUG", marathon().get("/logging").at("/io.dromos.c19").asText());
    Expect.status(422, marathon().post("/logging", "{\"logger\":\"x\",\"level\":\"loud\"}"));
  }

  @Check(20)
  default void podsAreProbedByHead() {
    Answer answer = Expect.status(200, marathon().send("HEAD", "/v2/pods", null));
    assertEquals("", answer.text());
    Expect.json("[]", Expect.status(200, marathon().get("/v2/pods")).json());
    Expect.status(422, marathon().post("/v2/pods", "{\"id\":\"/c20\"}"));
  }

  /** DC/OS reaches Marathon through its Admin Router; its clients know no other path. */
  @Test
  default void adminRoutersPathsReachTheSameApi() {
    for (String prefix : List.of("/service/marathon", "/marathon", "//service//marathon/", "/")) {
      assertEquals("pong", Expect.status(200, marathon().get(prefix + "/ping")).text(), prefix);
      Expect.message(404, "App '/nope' does not exist", marathon().get(prefix + "/v2/apps/nope"));
      Expect.message(
          404, "App '/nope/x' does not exist", marathon().get(prefix + "/v2/apps/%2Fnope%2Fx"));
      Expect.words(
          422,
          "error.path.missing",
          marathon().post(prefix + "/v2/apps?force=true", "{\"cmd\":\"sleep 1\"}"));
    }
    Answer found = marathon().get("/service/marathon/v2/apps?id=nothing&embed=apps.tasks");
    Expect.json("{\"apps\":[]}", found.json());
  }
}
