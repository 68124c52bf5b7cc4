package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** 96–115: changing apps, in part, in whole and in bulk; locks, force and restart. */
interface UpdateChecks extends Section {
  /** A change that never ends: no agent has as many cpus, and the old task stays until then. */
  String ENDLESS = "{\"cpus\":10000}";

  private Answer put(int check, String json) {
    return marathon().put("/v2/apps/c" + check, json);
  }

  private JsonNode changed(int check, String json) {
    marathon().settle(Expect.result(put(check, json)));
    return marathon().app("c" + check);
  }

  private JsonNode created(int check, String more) {
    marathon().createAndSettle(Section.sleeper("c" + check, more));
    return marathon().app("c" + check);
  }

  @Check(96)
  default void scalingKeepsWhatRuns() {
    JsonNode before = created(96, "");
    JsonNode after = changed(96, "{\"instances\":3}");
    assertEquals(3, after.path("instances").asInt());
    assertEquals(before.path("cmd"), after.path("cmd"));
    assertEquals(3, after.path("tasksRunning").asInt());
    JsonNode was = before.path("versionInfo");
    JsonNode is = after.path("versionInfo");
    assertTrue(is.path("lastScalingAt").asText().compareTo(was.path("lastScalingAt").asText()) > 0);
    assertEquals(was.path("lastConfigChangeAt"), is.path("lastConfigChangeAt"));
    assertTrue(Marathon.ids(after.path("tasks")).containsAll(Marathon.ids(before.path("tasks"))));
  }

  @Check(97)
  default void aNewCommandReplacesEveryTask() {
    JsonNode before = created(97, ",\"instances\":2");
    JsonNode after = changed(97, "{\"cmd\":\"exec sleep 2000\"}");
    assertEquals(2, after.path("tasks").size(), after::toString);
    List<String> kept = new ArrayList<>(Marathon.ids(after.path("tasks")));
    kept.retainAll(Marathon.ids(before.path("tasks")));
    assertEquals(List.of(), kept);
    after.path("tasks").forEach(task -> assertEquals(after.path("version"), task.path("version")));
    assertEquals(after.path("version"), after.path("versionInfo").path("lastConfigChangeAt"));
  }

  @Check(98)
  default void aMapIsReplacedAsAWhole() {
    created(98, ",\"instances\":0");
    changed(98, "{\"env\":{\"A\":\"1\"}}");
    JsonNode after = changed(98, "{\"env\":{\"B\":\"2\"}}");
    Expect.json("{\"B\":\"2\"}", after.path("env"));
  }

  @Check(99)
  default void thePathWinsOverTheIdInTheBody() {
    created(99, ",\"instances\":0");
    changed(99, "{\"id\":\"/c99-other\",\"mem\":48}");
    assertEquals(48, marathon().app("c99").path("mem").asInt());
    Expect.status(404, marathon().get("/v2/apps/c99-other"));
  }

  @Check(100)
  default void aChangeOfNothingChangesNothing() {
    JsonNode before = created(100, "");
    JsonNode after = changed(100, "{\"instances\":1}");
    assertEquals(Marathon.ids(before.path("tasks")), Marathon.ids(after.path("tasks")));
    assertEquals(
        before.path("versionInfo").path("lastConfigChangeAt"),
        after.path("versionInfo").path("lastConfigChangeAt"));
  }

  @Check(101)
  default void puttingAMissingAppCreatesIt() {
    Answer created = put(101, Section.sleeper("c101", ",\"instances\":0"));
    Expect.result(201, created);
    assertEquals("/c101", created.location());
    marathon().settle(created);
    assertEquals("/c101", marathon().app("c101").path("id").asText());
  }

  @Check(102)
  default void aMissingAppCannotBeMadeFromAPart() {
    Expect.invalid(
        "/",
        "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
        put(102, "{\"instances\":1}"));
    Expect.status(404, marathon().get("/v2/apps/c102"));
  }

  @Check(103)
  default void aWholeDefinitionResetsWhatItLeavesOut() {
    created(103, ",\"instances\":2,\"labels\":{\"a\":\"b\"},\"env\":{\"A\":\"1\"}");
    Answer answer =
        marathon().put("/v2/apps/c103?partialUpdate=false", "{\"cmd\":\"exec sleep 1001\"}");
    marathon().settle(Expect.result(answer));
    JsonNode app = marathon().app("c103");
    Expect.json("{}", app.path("labels"));
    assertFalse(app.has("env"));
    assertEquals(1, app.path("instances").asInt());
    assertEquals(1, app.path("cpus").asInt());
    assertEquals("exec sleep 1001", app.path("cmd").asText());
  }

  @Check(104)
  default void anOldVersionIsRestoredUnderANewOne() {
    JsonNode first = created(104, ",\"instances\":0,\"labels\":{\"a\":\"1\"}");
    JsonNode second = changed(104, "{\"labels\":{\"a\":\"2\"},\"mem\":48}");
    String old = first.path("version").asText();
    JsonNode restored = changed(104, "{\"version\":\"" + old + "\"}");
    for (String field : List.of("labels", "mem", "cmd", "instances", "portDefinitions")) {
      assertEquals(first.path(field), restored.path(field), field);
    }
    assertTrue(restored.path("version").asText().compareTo(second.path("version").asText()) > 0);
    assertEquals(3, marathon().get("/v2/apps/c104/versions").at("/versions").size());
    Expect.result(put(104, "{\"id\":\"/c104\",\"version\":\"" + old + "\"}"));
  }

  @Check(105)
  default void aVersionStandsAlone() {
    String version = created(105, ",\"instances\":0").path("version").asText();
    Expect.words(
        422,
        "The 'version' field may only be combined with the 'id' field.",
        put(105, "{\"version\":\"" + version + "\",\"instances\":2}"));
  }

  @Check(106)
  default void anUnknownVersionIsNotFound() {
    created(106, ",\"instances\":0");
    Expect.message(
        404,
        "App '/c106' does not exist in version 2000-01-01T00:00:00.000Z",
        put(106, "{\"version\":\"2000-01-01T00:00:00.000Z\"}"));
  }

  @Check(107)
  default void argsDoNotReplaceACommandInPart() {
    created(107, ",\"instances\":0");
    Expect.words(422, "'cmd' or 'args'", put(107, "{\"args\":[\"a\"]}"));
    Answer whole =
        marathon().put("/v2/apps/c107?partialUpdate=false", "{\"args\":[\"a\"],\"instances\":0}");
    marathon().settle(Expect.result(whole));
    JsonNode app = marathon().app("c107");
    Expect.json("[\"a\"]", app.path("args"));
    assertFalse(app.has("cmd"));
    JsonNode back = changed(107, "{\"cmd\":\"exec sleep 1\",\"args\":[]}");
    assertFalse(back.has("args"));
  }

  @Check(108)
  default void patchNeverCreates() {
    Expect.message(
        404,
        "App '/c108-nope' does not exist",
        marathon().patch("/v2/apps/c108-nope", "{\"instances\":1}"));
    created(108, ",\"instances\":0");
    marathon().settle(Expect.result(marathon().patch("/v2/apps/c108", "{\"mem\":48}")));
    assertEquals(48, marathon().app("c108").path("mem").asInt());
  }

  @Check(109)
  default void manyAppsChangeInOneDeployment() throws IOException {
    marathon().createAndSettle(Section.sleeper("c109-a", ",\"instances\":0"));
    marathon().createAndSettle(Section.sleeper("c109-b", ",\"instances\":0"));
    try (EventReader events = EventReader.open(marathon(), "?event_type=deployment_success")) {
      Answer answer =
          marathon()
              .put("/v2/apps", "[{\"id\":\"/c109-a\",\"mem\":48},{\"id\":\"/c109-b\",\"mem\":49}]");
      String id = Expect.result(answer).at("/deploymentId").asText();
      JsonNode plan =
          events.await("deployment_success", e -> e.path("id").asText().equals(id)).path("plan");
      List<String> affected = new ArrayList<>();
      for (JsonNode action : plan.path("steps").path(0).path("actions")) {
        affected.add(action.path("app").asText());
      }
      assertEquals(List.of("/c109-a", "/c109-b"), affected.stream().sorted().toList());
    }
    assertEquals(48, marathon().app("c109-a").path("mem").asInt());
    assertEquals(49, marathon().app("c109-b").path("mem").asInt());
  }

  @Check(110)
  default void everyAppOfManyNeedsAnId() {
    Answer answer = marathon().put("/v2/apps", "[{\"id\":\"/c110\",\"cmd\":\"sleep 1\"},{}]");
    Expect.status(422, answer);
    assertTrue(
        answer.text().contains("error.path.missing")
            || answer.text().contains("App Update must have app id set"),
        answer::text);
    Expect.status(404, marathon().get("/v2/apps/c110"));
  }

  @Check(111)
  default void anAppUnderDeploymentIsLocked() {
    created(111, "");
    Answer first = Expect.result(put(111, ENDLESS));
    Answer second = Expect.status(409, put(111, "{\"mem\":48}"));
    assertTrue(
        second
            .at("/message")
            .asText()
            .startsWith(
                "App is locked by one or more deployments. Override with the option"
                    + " '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'."),
        second::text);
    assertEquals(1, second.at("/deployments").size(), second::text);
    assertEquals(first.at("/deploymentId"), second.at("/deployments/0/id"));
  }

  @Check(112)
  default void forceTakesTheLock() throws IOException {
    created(112, "");
    try (EventReader events = EventReader.open(marathon(), "?event_type=deployment_failed")) {
      for (String force : List.of("true", "True")) {
        Answer first = Expect.result(marathon().put("/v2/apps/c112?force=true", ENDLESS));
        Answer second =
            Expect.result(marathon().put("/v2/apps/c112?force=" + force, "{\"cpus\":0.1}"));
        String id = first.at("/deploymentId").asText();
        events.await("deployment_failed", e -> e.path("id").asText().equals(id));
        assertNotEquals(first.at("/deploymentId"), second.at("/deploymentId"));
        marathon().settle(second);
      }
    }
    assertEquals(1, marathon().awaitRunning("c112", 1).size());
  }

  @Check(113)
  default void onlyTrueIsForce() {
    created(113, "");
    Expect.result(put(113, ENDLESS));
    for (String force : List.of("", "no", "1", "yes")) {
      Expect.status(409, marathon().put("/v2/apps/c113?force=" + force, "{\"mem\":48}"));
    }
  }

  @Check(114)
  default void restartReplacesEveryTask() throws IOException {
    JsonNode before = created(114, ",\"instances\":2");
    try (EventReader events = EventReader.open(marathon(), "")) {
      Answer answer = Expect.result(marathon().send("POST", "/v2/apps/c114/restart", null));
      String id = answer.at("/deploymentId").asText();
      JsonNode info =
          events.await("deployment_info", e -> e.path("plan").path("id").asText().equals(id));
      Expect.json(
          "[{\"actions\":[{\"action\":\"RestartApplication\",\"app\":\"/c114\"}]}]",
          info.path("plan").path("steps"));
      marathon().settle(answer);
    }
    JsonNode after = marathon().app("c114");
    assertNotEquals(before.path("version"), after.path("version"));
    assertEquals(after.path("version"), after.path("versionInfo").path("lastConfigChangeAt"));
    HashSet<String> kept = new HashSet<>(Marathon.ids(after.path("tasks")));
    assertEquals(2, kept.size());
    kept.retainAll(Marathon.ids(before.path("tasks")));
    assertEquals(0, kept.size());
    marathon().settle(Expect.result(marathon().post("/v2/apps//c114/restart?force=false", "{}")));
  }

  @Check(115)
  default void anUnknownAppCannotBeRestarted() {
    Answer answer = marathon().send("POST", "/v2/apps/nope/restart", null);
    Expect.message(404, "App '/nope' does not exist", answer);
    Await.until("nothing under way", Marathon.LIMIT, () -> marathon().deploymentIds().isEmpty());
  }
}
