package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** 131–142: groups as a whole. */
interface GroupChecks extends Section {
  private static String pair(int check) {
    return """
        {"id":"/c%d","apps":[{"id":"a","cmd":"exec sleep 1000","cpus":0.1,"mem":32},
         {"id":"b","cmd":"exec sleep 1000","cpus":0.1,"mem":32,"dependencies":["a"]}]}"""
        .formatted(check);
  }

  private Answer created(int check) {
    Answer created = marathon().post("/v2/groups", pair(check));
    Expect.result(201, created);
    marathon().settle(created);
    return created;
  }

  private Answer put(int check, String json) {
    return marathon().put("/v2/groups/c" + check, json);
  }

  private void changed(int check, String json) {
    marathon().settle(Expect.result(put(check, json)));
  }

  private Set<String> apps(int check) {
    return Set.copyOf(Marathon.ids(marathon().get("/v2/groups/c" + check + "/apps").json()));
  }

  @Check(131)
  default void theRootIsAlwaysThere() {
    JsonNode root = Expect.status(200, marathon().get("/v2/groups")).json();
    assertEquals("/", root.path("id").asText());
    for (String list : List.of("apps", "groups", "dependencies", "pods")) {
      assertTrue(root.path(list).isArray(), list);
    }
    assertTrue(root.path("version").asText().matches(Expect.VERSION), root::toString);
    assertTrue(root.path("enforceRole").isBoolean(), root::toString);
    assertEquals(0, root.path("apps").size());
  }

  @Check(132)
  default void aGroupIsCreatedWithItsApps() {
    Answer created = Expect.result(201, marathon().post("/v2/groups", pair(132)));
    assertEquals("/c132", created.location());
    marathon().settle(created);
    assertEquals(Set.of("/c132/a", "/c132/b"), apps(132));
    Expect.json("[\"/c132/a\"]", marathon().app("c132/b").path("dependencies"));
    assertEquals(1, marathon().app("c132/a").path("tasksRunning").asInt());
  }

  @Check(133)
  default void dependenciesMakeTheSteps() {
    Answer plan = Expect.status(200, marathon().put("/v2/groups/c133?dryRun=true", pair(133)));
    JsonNode steps = plan.at("/steps");
    assertEquals(3, steps.size(), plan::text);
    assertEquals(
        Set.of("StartApplication /c133/a", "StartApplication /c133/b"), actions(steps.path(0)));
    assertEquals(Set.of("ScaleApplication /c133/a"), actions(steps.path(1)));
    assertEquals(Set.of("ScaleApplication /c133/b"), actions(steps.path(2)));
  }

  private static Set<String> actions(JsonNode step) {
    Set<String> actions = new java.util.TreeSet<>();
    for (JsonNode action : step.path("actions")) {
      actions.add(action.path("action").asText() + " " + action.path("app").asText());
    }
    return actions;
  }

  @Check(134)
  default void anExistingGroupIsAConflict() {
    created(134);
    Answer again = marathon().post("/v2/groups", pair(134));
    Expect.message(409, "Group /c134 is already created. Use PUT to change this group.", again);
    assertFalse(again.json().has("deployments"), again::text);
  }

  @Check(135)
  default void aDryRunChangesNothing() {
    created(135);
    Answer plan =
        Expect.status(200, marathon().put("/v2/groups/c135?dryRun=true", "{\"apps\":[]}"));
    assertEquals(
        Set.of("StopApplication /c135/a", "StopApplication /c135/b"), actions(plan.at("/steps/0")));
    assertEquals("", plan.header("Marathon-Deployment-Id"));
    assertEquals(Set.of("/c135/a", "/c135/b"), apps(135));
    Expect.json("[]", marathon().get("/v2/deployments").json());
  }

  @Check(136)
  default void givenListsReplaceAndMissingOnesStay() {
    created(136);
    changed(136, "{\"apps\":[{\"id\":\"a\",\"cmd\":\"exec sleep 1000\",\"cpus\":0.1,\"mem\":32}]}");
    assertEquals(Set.of("/c136/a"), apps(136));
    changed(136, "{\"dependencies\":[]}");
    assertEquals(Set.of("/c136/a"), apps(136));
    assertEquals(1, marathon().app("c136/a").path("tasksRunning").asInt());
  }

  @Check(137)
  default void aGroupIsScaledAsAWhole() {
    created(137);
    changed(137, "{\"scaleBy\":2}");
    assertEquals(2, marathon().app("c137/a").path("instances").asInt());
    assertEquals(2, marathon().app("c137/b").path("instances").asInt());
    Expect.words(
        422,
        "not allowed in conjunction with other properties.",
        put(137, "{\"scaleBy\":2,\"apps\":[]}"));
  }

  @Check(138)
  default void aGroupIsRolledBackToAVersion() {
    String first = created(138).at("/version").asText();
    changed(138, "{\"apps\":[]}");
    assertEquals(Set.of(), apps(138));
    Answer versions = Expect.status(200, marathon().get("/v2/groups/c138/versions"));
    assertTrue(versions.json().isArray(), versions::text);
    assertTrue(versions.text().contains(first), versions::text);
    Answer old = Expect.status(200, marathon().get("/v2/groups/c138/versions/" + first));
    assertEquals("/c138", old.at("/id").asText());
    assertEquals(
        Set.of("/c138/a", "/c138/b"), Set.copyOf(Marathon.ids(old.at("/apps"))), old::text);
    changed(138, "{\"version\":\"" + first + "\"}");
    assertEquals(Set.of("/c138/a", "/c138/b"), apps(138));
  }

  @Check(139)
  default void countsAndDeploymentsAreEmbedded() {
    created(139);
    String embed =
        "embed=group.groups&embed=group.apps&embed=group.apps.counts&embed=group.apps.deployments";
    JsonNode root = Expect.status(200, marathon().get("/v2/groups?" + embed)).json();
    JsonNode group = root.path("groups").path(0);
    while (!group.path("id").asText().equals("/c139")) {
      group = root.path("groups").path(root.path("groups").size() - 1);
    }
    assertEquals(2, group.path("apps").size(), group::toString);
    for (JsonNode app : group.path("apps")) {
      assertEquals(1, app.path("tasksRunning").asInt(), app::toString);
      assertTrue(app.path("deployments").isArray(), app::toString);
    }
    JsonNode bare = marathon().get("/v2/groups/c139").at("/apps/0");
    assertFalse(bare.has("tasksRunning"), bare::toString);
  }

  @Check(140)
  default void anUnknownGroupIsNotFound() {
    Expect.message(404, "Group '/nope' does not exist", marathon().get("/v2/groups/nope"));
  }

  @Check(141)
  default void dependenciesMayNotGoInCircles() {
    Answer answer =
        marathon()
            .post(
                "/v2/groups",
                """
                {"id":"/c141","apps":[{"id":"a","cmd":"sleep 1000","dependencies":["b"]},
                 {"id":"b","cmd":"sleep 1000","dependencies":["a"]}]}""");
    Expect.words(422, "Dependency graph has cyclic dependencies.", answer);
    Expect.status(404, marathon().get("/v2/groups/c141"));
  }

  @Check(142)
  default void aDeletedGroupIsGoneWithItsApps() {
    created(142);
    marathon().settle(Expect.result(marathon().delete("/v2/groups/c142")));
    Expect.message(404, "Group '/c142' does not exist", marathon().get("/v2/groups/c142"));
    Expect.status(404, marathon().get("/v2/apps/c142/a"));
    Expect.message(404, "Group '/c142' does not exist", marathon().delete("/v2/groups/c142"));
  }
}
