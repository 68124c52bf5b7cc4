package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** 116–130: deleting apps and killing tasks. */
interface TaskChecks extends Section {
  private List<JsonNode> running(int check, int instances) {
    marathon().createAndSettle(Section.sleeper("c" + check, ",\"instances\":" + instances));
    return marathon().awaitRunning("c" + check, instances);
  }

  private String tasks(int check) {
    return "/v2/apps/c" + check + "/tasks";
  }

  private void endless(int check) {
    running(check, 1);
    Expect.result(marathon().put("/v2/apps/c" + check, UpdateChecks.ENDLESS));
  }

  /** Waits until so many run and none of {@code former} does. */
  private void replaced(int check, int count, List<String> former) {
    Await.until(
        count + " new tasks of c" + check,
        Marathon.LIMIT,
        () -> {
          List<String> now = Marathon.ids(marathon().running("c" + check));
          return now.size() == count && now.stream().noneMatch(former::contains);
        });
  }

  @Check(116)
  default void aDeletedAppIsGoneWithItsTasks() {
    running(116, 2);
    marathon().settle(Expect.result(marathon().delete("/v2/apps/c116")));
    Expect.message(404, "App '/c116' does not exist", marathon().get("/v2/apps/c116"));
    Await.until(
        "no task left", Marathon.LIMIT, () -> !marathon().get("/v2/tasks").text().contains("c116"));
    Expect.status(404, marathon().get("/v2/apps/c116/versions"));
  }

  @Check(117)
  default void deleteForcesByDefault() {
    endless(117);
    marathon().settle(Expect.result(marathon().delete("/v2/apps/c117")));
    Expect.status(404, marathon().get("/v2/apps/c117"));
  }

  @Check(118)
  default void deleteCanBeToldToRespectTheLock() {
    endless(118);
    Answer refused = Expect.status(409, marathon().delete("/v2/apps/c118?force=false"));
    assertEquals(1, refused.at("/deployments").size(), refused::text);
    Expect.status(200, marathon().get("/v2/apps/c118"));
  }

  @Check(119)
  default void anUnknownAppCannotBeDeleted() {
    Expect.message(404, "App '/nope' does not exist", marathon().delete("/v2/apps/nope"));
  }

  @Check(120)
  default void killedTasksAreReplaced() {
    List<String> former = Marathon.ids(running(120, 2));
    Answer killed = Expect.status(200, marathon().delete(tasks(120)));
    assertEquals(Set.of("tasks"), Expect.names(killed.json()));
    assertEquals(Set.copyOf(former), Set.copyOf(Marathon.ids(killed.at("/tasks"))));
    replaced(120, 2, former);
    assertEquals(2, marathon().app("c120").path("instances").asInt());
  }

  @Check(121)
  default void killingWithScaleLowersTheInstances() {
    running(121, 2);
    marathon().settle(Expect.result(marathon().delete(tasks(121) + "?scale=true")));
    assertEquals(0, marathon().app("c121").path("instances").asInt(-1));
    assertEquals(List.of(), marathon().running("c121"));
  }

  @Check(122)
  default void onlyTasksOfAHostAreKilled() {
    JsonNode task = running(122, 1).get(0);
    Expect.json(
        "{\"tasks\":[]}", Expect.status(200, marathon().delete(tasks(122) + "?host=no")).json());
    String host = task.path("host").asText();
    Answer killed = Expect.status(200, marathon().delete(tasks(122) + "?host=" + host));
    assertEquals(List.of(task.path("id").asText()), Marathon.ids(killed.at("/tasks")));
    replaced(122, 1, Marathon.ids(List.of(task)));
    Answer all = Expect.status(200, marathon().delete(tasks(122) + "?host=*"));
    assertEquals(1, all.at("/tasks").size(), all::text);
  }

  @Check(123)
  default void scaleAndWipeExcludeEachOther() {
    String id = running(123, 1).get(0).path("id").asText();
    String words = "You cannot use scale and wipe at the same time.";
    String both = "?scale=true&wipe=true";
    Expect.message(400, words, marathon().delete(tasks(123) + both));
    Expect.message(400, words, marathon().delete(tasks(123) + "/" + id + both));
    String body = "{\"ids\":[\"" + id + "\"]}";
    Expect.message(400, words, marathon().post("/v2/tasks/delete" + both, body));
    assertEquals(List.of(id), Marathon.ids(marathon().running("c123")));
  }

  @Check(124)
  default void oneTaskIsKilled() {
    List<JsonNode> tasks = running(124, 2);
    String first = tasks.get(0).path("id").asText();
    String second = tasks.get(1).path("id").asText();
    Answer killed = Expect.status(200, marathon().delete(tasks(124) + "/" + first));
    assertEquals(Set.of("task"), Expect.names(killed.json()));
    assertEquals(first, killed.at("/task/id").asText());
    assertEquals("/c124", killed.at("/task/appId").asText());
    replaced(124, 2, List.of(first));
    Answer scaled = marathon().delete(tasks(124) + "/" + second + "?scale=true");
    marathon().settle(Expect.result(scaled));
    assertEquals(1, marathon().app("c124").path("instances").asInt());
    assertFalse(Marathon.ids(marathon().running("c124")).contains(second));
  }

  @Check(125)
  default void anUnknownTaskCannotBeKilled() {
    running(125, 1);
    for (String id : List.of("c125." + timeUuid(), "garbage")) {
      Expect.message(
          404, "Task '" + id + "' does not exist", marathon().delete(tasks(125) + "/" + id));
    }
  }

  @Check(126)
  default void anUnknownAppHasNoTasksToKill() {
    Expect.message(404, "App '/nope' does not exist", marathon().delete("/v2/apps/nope/tasks"));
    Expect.message(404, "App '/nope' does not exist", marathon().get("/v2/apps/nope/tasks"));
    Expect.message(
        404, "Path '/nope' does not exist", marathon().delete("/v2/apps/nope/tasks?scale=true"));
  }

  @Check(127)
  default void tasksAreKilledById() {
    List<JsonNode> tasks = running(127, 2);
    String first = tasks.get(0).path("id").asText();
    Answer killed =
        Expect.status(200, marathon().post("/v2/tasks/delete", "{\"ids\":[\"" + first + "\"]}"));
    assertEquals(List.of(first), Marathon.ids(killed.at("/tasks")));
    replaced(127, 2, List.of(first));
    String second = tasks.get(1).path("id").asText();
    Answer scaled =
        marathon().post("/v2/tasks/delete?scale=true", "{\"ids\":[\"" + second + "\"]}");
    marathon().settle(Expect.result(scaled));
    assertEquals(1, marathon().app("c127").path("instances").asInt());
    Answer wiped =
        marathon()
            .post(
                "/v2/tasks/delete?wipe=true",
                "{\"ids\":[\"" + Marathon.ids(marathon().running("c127")).get(0) + "\"]}");
    assertEquals(1, Expect.status(200, wiped).at("/tasks").size());
  }

  @Check(128)
  default void anIdThatIsNoneIsABadRequest() {
    Answer answer = marathon().post("/v2/tasks/delete", "{\"ids\":[\"garbage\"]}");
    Expect.status(400, answer);
    assertTrue(
        answer.at("/message").asText().startsWith("Invalid task id 'garbage'. ["), answer::text);
  }

  @Check(129)
  default void aWellFormedUnknownIdIsSkipped() {
    String body = "{\"ids\":[\"c129." + timeUuid() + "\"]}";
    Answer answer = Expect.status(200, marathon().post("/v2/tasks/delete", body));
    Expect.json("{\"tasks\":[]}", answer.json());
  }

  @Check(130)
  default void theLastFailureIsKept() {
    marathon()
        .create(
            """
            {"id":"c130","cmd":"exit 3","cpus":0.1,"mem":32,"backoffSeconds":300}""");
    JsonNode failure =
        Await.value(
            "lastTaskFailure",
            Marathon.LIMIT,
            () -> {
              JsonNode found = marathon().app("c130").path("lastTaskFailure");
              return found.isMissingNode() ? null : found;
            });
    assertEquals("/c130", failure.path("appId").asText());
    assertEquals("TASK_FAILED", failure.path("state").asText());
    assertTrue(failure.path("taskId").asText().startsWith("c130."), failure::toString);
    assertTrue(failure.path("timestamp").asText().matches(Expect.VERSION), failure::toString);
    assertEquals(marathon().app("c130").path("version"), failure.path("version"));
    assertFalse(failure.path("host").asText().isEmpty(), failure::toString);
    assertFalse(failure.path("message").asText().isEmpty(), failure::toString);
  }

  /** A UUID of version 1, which all task ids end in. */
  private static String timeUuid() {
    return UUID.randomUUID().toString().replaceFirst("-4", "-1");
  }
}
