package io.dromos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code vip}, {@code route}, {@code package}, {@code marathon deployment}. */
class RoutesAndPackagesTest {
  private static final String BACKENDS =
      "\"backends\":[{\"task\":\"sise.a\",\"app\":\"/sise\",\"endpoint\":\"10.0.0.7:31000\","
          + "\"state\":\"active\"},{\"task\":\"sise.b\",\"app\":\"/sise\","
          + "\"endpoint\":\"10.0.0.7:31001\",\"state\":\"draining\"}]";
  private static final String VIP =
      "{\"name\":\"sise.marathon.l4lb.thisdcos.directory\",\"port\":80,\"protocol\":\"tcp\","
          + "\"address\":\"127.128.1.2\","
          + BACKENDS
          + "}";

  private StubServer server;

  @BeforeEach
  void start() throws IOException {
    server = new StubServer();
    server.on("GET /console/vips", 200, "{\"vips\":[" + VIP + "]}");
    server.on(
        "GET /console/routes",
        200,
        "{\"vips\":["
            + VIP
            + "],\"vhosts\":[{\"host\":\"shop.example.com\",\"path\":\"/cart\",\"app\":\"/sise\","
            + BACKENDS
            + "},{\"host\":\"idle.example.com\",\"path\":null,\"app\":\"/idle\",\"backends\":[]}],"
            + "\"servicePorts\":[{\"port\":10010,\"app\":\"/sise\","
            + BACKENDS
            + "}],\"warnings\":{\"/odd\":[\"label is unusable\"]}}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void vipsAndRoutesAreListedWithTheirBackends() {
    assertEquals(
        """
        NAME                                   PORT  PROTOCOL  ADDRESS      BACKENDS
        sise.marathon.l4lb.thisdcos.directory  80    tcp       127.128.1.2  \
        10.0.0.7:31000,10.0.0.7:31001(draining)
        """,
        server.run("vip", "list").out());
    String routes = server.run("route", "list").out();
    assertTrue(routes.contains("vhost         shop.example.com/cart"), routes);
    assertTrue(routes.contains("vhost         idle.example.com "), routes);
    assertTrue(routes.contains("service port  10010"), routes);
  }

  @Test
  void aUrlIsExplainedStepByStep() {
    StubServer.Run vip =
        server.run("route", "explain", "http://sise.marathon.l4lb.thisdcos.directory/x");
    assertEquals(0, vip.status());
    assertEquals(
        """
        sise.marathon.l4lb.thisdcos.directory:80 is a VIP of /sise.
          10.0.0.7:31000 sise.a takes requests
          10.0.0.7:31001 sise.b draining
        """,
        vip.out());
    assertTrue(
        server
            .run("route", "explain", "http://shop.example.com/cart/1")
            .out()
            .startsWith("shop.example.com/cart is a virtual host of /sise.\n"));
    StubServer.Run path = server.run("route", "explain", "http://shop.example.com/");
    assertEquals(1, path.status());
    assertTrue(path.out().contains("wants path /cart"), path.out());
    assertTrue(path.out().contains("Known names: "), path.out());
    assertTrue(path.out().contains("/odd: [label is unusable]"), path.out());
    StubServer.Run idle = server.run("route", "explain", "idle.example.com");
    assertEquals(1, idle.status());
    assertTrue(idle.out().contains("No task of it is running"), idle.out());
    assertEquals(0, server.run("route", "explain", "http://10.0.0.7:10010/").status());
    assertEquals(1, server.run("route", "explain", "http://").status());
  }

  @Test
  void installingWhatIsBuiltInPrintsTheServersWords() {
    server.on(
        "POST /package/describe",
        200,
        "{\"package\":{\"name\":\"marathon-lb\",\"version\":\"1\"}}");
    server.on(
        "POST /package/install",
        200,
        "{\"packageName\":\"marathon-lb\",\"postInstallNotes\":\"The edge serves external.\"}");
    assertEquals(
        "The edge serves external.\n", server.run("package", "install", "marathon-lb").out());
    server.on(
        "POST /package/describe",
        400,
        "{\"type\":\"PackageNotFound\",\"message\":\"Package [x] not found\"}");
    assertEquals(
        "Error: Package [x] not found\n", server.run("package", "install", "x", "--yes").err());
  }

  @Test
  void deploymentsAreListedStoppedAndRolledBack() {
    server.on(
        "GET /v2/deployments",
        200,
        "[{\"id\":\"d-1\",\"affectedApps\":[\"/sise\"],\"currentStep\":1,\"totalSteps\":2,"
            + "\"currentActions\":[{\"action\":\"RestartApplication\",\"app\":\"/sise\"}]}]");
    assertEquals(
        """
        APP    ACTION   PROGRESS  ID
        /sise  restart  0/2       d-1
        """,
        server.run("marathon", "deployment", "list").out());
    assertEquals(
        "Error: There are no deployments for 'x'\n",
        server.run("marathon", "deployment", "list", "x").err());
    server.on("DELETE /v2/deployments/d-1?force=true", 202, "");
    assertEquals(
        "Stopped deployment d-1; its apps stay as they are now\n",
        server.run("marathon", "deployment", "stop", "d-1").out());
    server.on("DELETE /v2/deployments/d-1", 200, "{\"version\":\"v\",\"deploymentId\":\"d-2\"}");
    assertEquals(
        "Created deployment d-2, which undoes d-1\n",
        server.run("marathon", "deployment", "rollback", "d-1").out());
  }

  @Test
  void aListedDeploymentSaysWhatItWaitsFor() {
    server.on(
        "GET /v2/deployments",
        200,
        """
        [{"id":"d-1","affectedApps":["/web"],"steps":[{"actions":[]}],"currentStep":1,"totalSteps":1,
          "currentActions":[{"action":"RestartApplication","app":"/web"}]}]""");
    server.on(
        "GET /console/deployments",
        200,
        "{\"running\":[{\"id\":\"d-0\",\"sentence\":\"another\"},"
            + "{\"id\":\"d-1\",\"sentence\":\"Deployment d-1 waits.\"}],\"ended\":[]}");
    assertEquals(
        """
        APP   ACTION   PROGRESS  ID
        /web  restart  0/1       d-1

        Deployment d-1 waits.
        """,
        server.run("marathon", "deployment", "list").out());
  }

  @Test
  void aWatchedDeploymentIsFollowedToItsEnd() {
    String status =
        """
        {"id":"d-1","status":"%s","step":1,"steps":1,"actions":["RestartApplication /web"],
         "waitsFor":"1 of 2 new instances have arrived, 1 is starting (web.x for 3 s: pulling)",
         "at":"2026-11-25T10:00:05.123Z"%s}""";
    server.on("GET /console/deployments/d-1", 200, status.formatted("running", ""));
    StubServer.Run run =
        server.run("marathon", "deployment", "watch", "d-1", "--max-count=2", "--interval=1");
    assertEquals(1, run.status());
    assertEquals(
        "10:00:05  step 1/1 restart /web: 1 of 2 new instances have arrived, 1 is starting"
            + " (web.x: pulling)\n",
        run.out(),
        "once, because nothing changed");
    server.on("GET /console/deployments/d-1", 200, status.formatted("succeeded", ""));
    assertEquals(
        new StubServer.Run(0, "10:00:05  succeeded\n", ""),
        server.run("marathon", "deployment", "watch", "d-1"));
    server.on(
        "GET /console/deployments/d-1",
        200,
        status.formatted("failed", ",\"reason\":\"too late\""));
    assertEquals(
        new StubServer.Run(1, "10:00:05  failed: too late\n", ""),
        server.run("marathon", "deployment", "watch", "d-1"));
    assertEquals(1, server.run("marathon", "deployment", "watch", "gone").status());
  }
}
