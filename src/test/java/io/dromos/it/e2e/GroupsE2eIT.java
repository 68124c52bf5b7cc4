package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop of two groups, from the command line: created, scaled, lost, rolled back, removed. */
class GroupsE2eIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path dir;

  @Test
  void aShopLivesAsOneThing() throws Exception {
    Path ready = dir.resolve("database-is-ready");
    Path file = Files.writeString(dir.resolve("shop.json"), shop(ready));
    try (Node node = Node.start(dir.resolve("data"), Map.of())) {
      Node.Output added = node.cli("marathon", "group", "add", file.toString());
      assertTrue(added.text().startsWith("Created deployment "), added.text());
      onlyTheDatabaseRunsUntilItIsHealthy(node);
      Files.createFile(ready);
      settle(node);
      assertEquals(1, running(node, "shop/web/ui"));
      String first = node.json("/v2/groups/shop/versions").path(0).asText();

      assertEquals(0, node.cli("marathon", "group", "scale", "/shop", "2").status());
      settle(node);
      assertEquals(2, running(node, "shop/db/pg"));
      assertEquals(2, running(node, "shop/web/ui"));
      String changed = "{\"groups\":[{\"id\":\"db\"}],\"dependencies\":[\"../mail\"]}";
      assertEquals(200, node.send("PUT", "/v2/groups/shop", changed).statusCode());
      settle(node);
      assertEquals(Set.of("/shop/db/pg"), apps(node));

      JsonNode versions = node.json("/v2/groups/shop/versions");
      node.killHard();
      node.restart();
      assertEquals(versions, node.json("/v2/groups/shop/versions"));
      assertEquals("[\"/mail\"]", node.json("/v2/groups/shop").path("dependencies").toString());

      assertEquals(0, node.cli("marathon", "group", "update", "shop", "version=" + first).status());
      settle(node);
      assertEquals(Set.of("/shop/db/pg", "/shop/web/ui"), apps(node));
      assertEquals(1, running(node, "shop/db/pg"));
      assertEquals(1, running(node, "shop/web/ui"));
      assertEquals(
          "[\"/shop/db\"]", node.json("/v2/groups/shop/web").path("dependencies").toString());

      assertEquals(new Node.Output(0, ""), node.cli("marathon", "group", "remove", "/shop"));
      settle(node);
      assertEquals(404, node.get("/v2/groups/shop").statusCode());
      assertTrue(node.json("/v2/tasks").path("tasks").isEmpty());
    }
  }

  private static String shop(Path ready) {
    return """
        {"id":"/shop","groups":[
          {"id":"web","dependencies":["../db"],
           "apps":[{"id":"ui","cmd":"exec sleep 100000","cpus":0.01,"mem":1}]},
          {"id":"db","apps":[{"id":"pg","cmd":"exec sleep 100000","cpus":0.01,"mem":1,
            "healthChecks":[{"protocol":"COMMAND","command":{"value":"test -f %s"},
              "intervalSeconds":1,"gracePeriodSeconds":600}]}]}]}"""
        .formatted(ready);
  }

  private static void onlyTheDatabaseRunsUntilItIsHealthy(Node node)
      throws IOException, InterruptedException {
    Await.until("the database to run", SOON, () -> running(node, "shop/db/pg") == 1);
    Await.until(
        "the deployment to say what it waits for",
        SOON,
        () ->
            node.json("/v2/deployments")
                .path(0)
                .path("currentActions")
                .toString()
                .contains("\"app\":\"/shop/db/pg\""));
    assertEquals(0, running(node, "shop/web/ui"));
  }

  private static int running(Node node, String app) throws IOException, InterruptedException {
    return node.json("/v2/apps/" + app).path("app").path("tasksRunning").asInt();
  }

  private static Set<String> apps(Node node) throws IOException, InterruptedException {
    Set<String> ids = new TreeSet<>();
    node.json("/v2/groups/shop/apps").forEach(app -> ids.add(app.path("id").asText()));
    return ids;
  }

  private static void settle(Node node) {
    Await.until(
        "no deployment", Duration.ofSeconds(60), () -> node.json("/v2/deployments").isEmpty());
  }
}
