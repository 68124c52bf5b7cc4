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

/** {@code marathon app} and what all commands share. */
class AppCommandTest {
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
  void addPostsTheFileUnchangedAndNamesTheDeployment(@TempDir Path dir) throws IOException {
    String definition = "{\"id\":\"/sise\", \"cpus\":0.1, \"unknown\":[1]}";
    Path file = Files.writeString(dir.resolve("app.json"), definition);
    server.on("POST /v2/apps", 201, "{\"id\":\"/sise\",\"deployments\":[{\"id\":\"d-1\"}]}");
    StubServer.Run run = server.run("marathon", "app", "add", file.toString());
    assertEquals(new StubServer.Run(0, "Created deployment d-1\n", ""), run);
    assertEquals(List.of("POST /v2/apps " + definition), server.requests());
  }

  @Test
  void addReadsStandardInputAndFindsTheMistakeInIt() {
    StubServer.Run run = server.runWith("{\"id\":}", Map.of(), "marathon", "app", "add", "-");
    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("Error: standard input is not JSON: "), run.err());
    assertTrue(run.err().contains("(line 1, column "), run.err());
    assertEquals(List.of(), server.requests());
    assertEquals(
        "Error: there is no file nowhere.json\n",
        server.run("marathon", "app", "add", "nowhere.json").err());
  }

  @Test
  void updateSendsOnlyWhatWasGivenEachValueInItsType() {
    server.on("GET /v2/apps/shop/web", 200, "{\"app\":{\"id\":\"/shop/web\",\"instances\":1}}");
    server.on("PUT /v2/apps/shop/web?force=true", 200, "{\"deploymentId\":\"d-2\"}");
    StubServer.Run run =
        server.run(
            "marathon",
            "app",
            "update",
            "/shop/web",
            "instances=3",
            "cpus=0.5",
            "cmd=true",
            "env={\"A\":\"b\"}",
            "labels=x=y",
            "--force");
    assertEquals("Created deployment d-2\n", run.out());
    assertEquals(
        "PUT /v2/apps/shop/web?force=true"
            + " {\"instances\":3,\"cpus\":0.5,\"cmd\":\"true\",\"env\":{\"A\":\"b\"},"
            + "\"labels\":\"x=y\"}",
        server.requests().get(1));
  }

  @Test
  void updateOfAnAppThatIsNotThereCreatesNone() {
    server.on("GET /v2/apps/no", 404, "{\"message\":\"App '/no' does not exist\"}");
    StubServer.Run run = server.run("marathon", "app", "update", "no", "instances=1");
    assertEquals(new StubServer.Run(1, "", "Error: App '/no' does not exist\n"), run);
    assertEquals(1, server.requests().size());
  }

  @Test
  void showPrintsJsonAndSaysWhyOnStandardError() {
    server.on("GET /v2/apps/huge", 200, "{\"app\":{\"id\":\"/huge\",\"mem\":9000000}}");
    server.on(
        "GET /console/why/huge",
        200,
        "{\"app\":\"/huge\",\"sentences\":[\"No agent has enough memory.\"]}");
    StubServer.Run run = server.run("marathon", "app", "show", "/huge");
    assertEquals("{\n  \"id\":\"/huge\",\n  \"mem\":9000000\n}\n", run.out());
    assertEquals("No agent has enough memory.\n", run.err());
  }

  @Test
  void everyDetailOfARefusalIsShownAndSoIsTheLock() {
    server.on(
        "POST /v2/apps",
        422,
        "{\"message\":\"Object is not valid\",\"details\":[{\"path\":\"/mem\",\"errors\":[\"is"
            + " less than 0\",\"is odd\"]}]}");
    assertEquals(
        "Error: Object is not valid\n  /mem: is less than 0, is odd\n",
        server.runWith("{\"id\":\"x\"}", Map.of(), "marathon", "app", "add").err());
    server.on(
        "DELETE /v2/apps/x",
        409,
        "{\"message\":\"App is locked\",\"deployments\":[{\"id\":\"d-3\"}]}");
    assertTrue(
        server.run("marathon", "app", "remove", "x").err().contains("locked by deployment d-3"));
  }

  @Test
  void listFollowsTheColumnsOfTheDcosCommandLine() {
    server.on(
        "GET /v2/apps",
        200,
        "{\"apps\":[{\"id\":\"/b\",\"mem\":32,\"cpus\":0.1,\"instances\":2,\"tasksRunning\":1,"
            + "\"healthChecks\":[{}],\"tasksHealthy\":1,\"container\":{\"type\":\"DOCKER\"}},"
            + "{\"id\":\"/a\",\"mem\":1,\"cpus\":1,\"instances\":1,"
            + "\"cmd\":\"sleep 1000000000000000000000000\"}]}");
    server.on(
        "GET /v2/deployments",
        200,
        "[{\"currentActions\":[{\"action\":\"ScaleApplication\",\"app\":\"/b\"}]}]");
    server.on("GET /v2/queue", 200, "{\"queue\":[{\"app\":{\"id\":\"/b\"}}]}");
    assertEquals(
        """
        ID  MEM  CPUS  TASKS  HEALTH  DEPLOYMENT  WAITING  CONTAINER  CMD
        /a  1    1     0/1    ---     ---         false    MESOS      sleep 100000000000000000000...
        /b  32   0.1   1/2    1/1     scale       true     DOCKER     ---
        """,
        server.run("marathon", "app", "list").out());
    assertEquals("/b\n/a\n", server.run("marathon", "app", "list", "-q").out());
  }

  @Test
  void startStopAndRestartMindWhatRuns() {
    server.on("GET /v2/apps/x", 200, "{\"app\":{\"id\":\"/x\",\"instances\":0}}");
    server.on("PUT /v2/apps/x", 200, "{\"deploymentId\":\"d-4\"}");
    assertEquals(
        "Created deployment d-4\n", server.run("marathon", "app", "start", "x", "2").out());
    assertEquals("PUT /v2/apps/x {\"instances\":2}", server.requests().get(1));
    assertEquals(
        "Error: app '/x' is already stopped\n", server.run("marathon", "app", "stop", "x").err());
    assertEquals(1, server.run("marathon", "app", "restart", "x").status());
  }

  @Test
  void nobodyThereNamesTheFix() {
    String url = server.url();
    server.close();
    StubServer.Run run = server.runWith("", Map.of("DROMOS_URL", url), "task");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("no Dromos answers at " + url), run.err());
    assertTrue(run.err().contains("dromos up"), run.err());
    assertTrue(run.err().contains("DROMOS_URL"), run.err());
  }

  @Test
  void credentialsAreSentAndAskedFor() {
    server.on("GET /v2/info", 401, "");
    assertTrue(server.run("marathon", "about").err().contains("DROMOS_CREDENTIALS=user:password"));
    server.on("GET /v2/info", 200, "{\"name\":\"marathon\"}");
    server.runWith("", Map.of("DROMOS_CREDENTIALS", "a:b"), "marathon", "about");
    assertEquals("GET /v2/info as Basic YTpi", server.requests().get(1));
  }

  @Test
  void wrongWordsAreStatusTwoAndHelpTeaches() {
    assertEquals(2, server.run("marathon", "app", "frobnicate").status());
    assertEquals(2, server.run("nothing").status());
    StubServer.Run help = server.run("marathon", "app", "update", "--help");
    assertEquals(0, help.status());
    assertTrue(help.out().contains("dromos marathon app update /sise instances=3"), help.out());
    String root = server.run("--help").out();
    for (String command :
        List.of("up", "lab", "marathon", "task", "node", "service", "package", "vip", "route")) {
      assertTrue(root.contains("\n  " + command + " "), root);
    }
  }
}
