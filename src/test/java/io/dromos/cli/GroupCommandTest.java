package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marathon group}. */
class GroupCommandTest {
  private StubServer server;

  @BeforeEach
  void start() throws IOException {
    server = new StubServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void addPostsTheDefinitionAndNamesTheDeployment(@TempDir Path dir) throws IOException {
    String definition = "{\"id\":\"/shop\",\"apps\":[{\"id\":\"web\",\"cmd\":\"sleep 1\"}]}";
    Path file = Files.writeString(dir.resolve("shop.json"), definition);
    server.on("POST /v2/groups", 201, "{\"version\":\"v\",\"deploymentId\":\"d-1\"}");
    StubServer.Run run = server.run("marathon", "group", "add", file.toString());
    assertEquals(new StubServer.Run(0, "Created deployment d-1\n", ""), run);
    assertEquals(List.of("POST /v2/groups " + definition), server.requests());
  }

  @Test
  void addWithAnIdAloneCreatesAnEmptyGroup() {
    server.on("POST /v2/groups", 201, "{\"deploymentId\":\"d-1\"}");
    assertEquals(0, server.run("marathon", "group", "add", "--id", "/shop").status());
    assertEquals(List.of("POST /v2/groups {\"id\":\"/shop\"}"), server.requests());
    StubServer.Run nameless = server.runWith("{\"apps\":[]}", Map.of(), "marathon", "group", "add");
    assertEquals(1, nameless.status());
    assertTrue(nameless.err().startsWith("Error: the group has no id"), nameless.err());
  }

  @Test
  void addOfAGroupThatIsThereSaysSo() {
    String words = "Group /g is already created. Use PUT to change this group.";
    server.on("POST /v2/groups", 409, "{\"message\":\"" + words + "\"}");
    assertEquals(
        new StubServer.Run(1, "", "Error: " + words + "\n"),
        server.run("marathon", "group", "add", "--id", "g"));
  }

  @Test
  void listCountsTheAppsAtEveryDepth() {
    server.on(
        "GET /v2/groups",
        200,
        "{\"id\":\"/\",\"apps\":[{}],\"groups\":[{\"id\":\"/z\",\"apps\":[],\"groups\":[]},"
            + "{\"id\":\"/g\",\"enforceRole\":true,\"apps\":[{}],"
            + "\"groups\":[{\"id\":\"/g/h\",\"apps\":[{},{}]}]}]}");
    String out = server.run("marathon", "group", "list").out();
    assertEquals(
        List.of("ID APPS ENFORCE_ROLE", "/g 3 true", "/z 0 false"),
        out.lines().map(line -> line.strip().replaceAll(" +", " ")).toList());
  }

  @Test
  void showAndVersionsAskForWhatWas() {
    String version = "2026-11-02T10:00:00.123Z";
    server.on("GET /v2/groups/g/versions", 200, "[\"" + version + "\"]");
    server.on(
        "GET /v2/groups/g/versions/2026-11-02T10%3A00%3A00.123Z", 200, "{\"id\":\"/g\",\"x\":1}");
    assertTrue(server.run("marathon", "group", "versions", "/g").out().contains(version));
    StubServer.Run run = server.run("marathon", "group", "show", "/g", "--group-version", version);
    assertTrue(run.out().contains("\"x\":1"), run.out());
  }

  @Test
  void updateSendsOnlyWhatWasGiven() {
    server.on("GET /v2/groups/shop/eu", 200, "{\"id\":\"/shop/eu\"}");
    server.on("PUT /v2/groups/shop/eu?force=true", 200, "{\"deploymentId\":\"d-2\"}");
    StubServer.Run run =
        server.run("marathon", "group", "update", "/shop/eu", "dependencies=[\"/db\"]", "--force");
    assertEquals("Created deployment d-2\n", run.out());
    assertEquals(
        "PUT /v2/groups/shop/eu?force=true {\"dependencies\":[\"/db\"]}", server.requests().get(1));
  }

  @Test
  void updateOfAGroupThatIsNotThereCreatesNone() {
    server.on("GET /v2/groups/no", 404, "{\"message\":\"Group '/no' does not exist\"}");
    assertEquals(
        new StubServer.Run(1, "", "Error: Group '/no' does not exist\n"),
        server.run("marathon", "group", "update", "no", "apps=[]"));
    assertEquals(1, server.requests().size());
  }

  @Test
  void aDryRunPrintsTheSteps() {
    server.on("GET /v2/groups/g", 200, "{\"id\":\"/g\"}");
    server.on("PUT /v2/groups/g?dryRun=true", 200, "{\"steps\":[]}");
    StubServer.Run run = server.run("marathon", "group", "update", "g", "apps=[]", "--dry-run");
    assertTrue(run.out().contains("\"steps\":[]"), run.out());
    assertEquals("PUT /v2/groups/g?dryRun=true {\"apps\":[]}", server.requests().get(1));
  }

  @Test
  void scaleAndRemoveNameTheGroup() {
    server.on("PUT /v2/groups/g", 200, "{\"deploymentId\":\"d-3\"}");
    server.on("DELETE /v2/groups/g?force=true", 200, "{\"deploymentId\":\"d-4\"}");
    assertEquals(
        "Created deployment d-3\n", server.run("marathon", "group", "scale", "/g", "2").out());
    assertEquals(
        new StubServer.Run(0, "", ""), server.run("marathon", "group", "remove", "/g/", "--force"));
    assertEquals(
        List.of("PUT /v2/groups/g {\"scaleBy\":2.0}", "DELETE /v2/groups/g?force=true"),
        server.requests());
    StubServer.Run root = server.run("marathon", "group", "remove", "/");
    assertTrue(root.err().contains("is the root"), root.err());
  }
}
