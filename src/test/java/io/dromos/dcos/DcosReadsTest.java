package io.dromos.dcos;

import static io.dromos.api.WireFixtures.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.Json;
import io.dromos.api.WireFixtures;
import io.dromos.app.AppSpec;
import io.dromos.deployment.World;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The package catalogue and the Mesos reads, in the shapes that DC/OS clients insist on. */
class DcosReadsTest {
  private static final EdgeFacts EDGE =
      new EdgeFacts("n1", true, "127.0.0.1", List.of("external"), "serves 42");
  private static final EdgeFacts NO_EDGE =
      new EdgeFacts("n1", false, "127.0.0.1", List.of("external"), null);
  private static final AppSpec PACKAGED =
      WireFixtures.app(
          """
          {"id":"/cassandra","cmd":"x",
           "labels":{"DCOS_PACKAGE_NAME":"cassandra","DCOS_PACKAGE_VERSION":"1.0"}}""");

  @Test
  void theLoadBalancerIsFoundByWhatPeopleType() {
    for (String query : List.of("", "marathon-lb", "LB", "edge", "marathon*", "haproxy")) {
      assertEquals(
          "marathon-lb",
          answer(EDGE, "search", "{\"query\":\"" + query + "\"}")
              .path("packages")
              .path(0)
              .path("name")
              .asText(),
          query);
    }
    assertEquals(0, answer(EDGE, "search", "{\"query\":\"kafka\"}").path("packages").size());
  }

  @Test
  void installingItSaysWhatIsTrue() {
    ObjectNode installed = answer(EDGE, "install", "{\"packageName\":\"marathon-lb\"}");
    assertEquals("marathon-lb", installed.path("packageName").asText());
    assertTrue(
        installed
            .path("postInstallNotes")
            .asText()
            .contains("the edge of node n1 already serves the group external"),
        installed.toString());
    PackageCatalogue.Problem without =
        problem(NO_EDGE, "install", "{\"packageName\":\"marathon-lb\"}");
    assertTrue(without.message().contains("dromos.node.roles"), without.message());
    PackageCatalogue.Problem other =
        problem(
            EDGE,
            "install",
            """
            {"packageName":"marathon-lb","options":{"marathon-lb":{"haproxy-group":"internal"}}}""");
    assertTrue(other.message().contains("dromos.edge.groups"), other.message());
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(
        new PackageCatalogue.Problem(400, "PackageNotFound", "Package [kafka] not found"),
        problem(EDGE, "describe", "{\"packageName\":\"kafka\"}"));
    assertEquals(
        "VersionNotFound",
        problem(EDGE, "describe", "{\"packageName\":\"marathon-lb\",\"packageVersion\":\"9\"}")
            .type());
    assertEquals(404, problem(EDGE, "dance", "{}").status());
  }

  @Test
  void describingOffersNoAppToStart() {
    JsonNode definition =
        answer(EDGE, "describe", "{\"packageName\":\"marathon-lb\"}").path("package");
    assertTrue(definition.path("marathon").isMissingNode());
    assertTrue(definition.path("releaseVersion").isInt());
  }

  @Test
  void installedAreTheEdgeAndAppsWithThePackageLabel() {
    JsonNode all = answer(EDGE, "list", "{}").path("packages");
    assertEquals(2, all.size());
    assertEquals("/cassandra", all.path(1).path("appId").asText());
    assertEquals(1, answer(NO_EDGE, "list", "{}").path("packages").size());
    assertEquals(0, answer(EDGE, "list", "{\"packageName\":\"kafka\"}").path("packages").size());
  }

  @Test
  void uninstallingRemovesTheAppAndNeverTheEdge() {
    PackageCatalogue.Outcome outcome = call(EDGE, "uninstall", "{\"packageName\":\"cassandra\"}");
    PackageCatalogue.Removal removal = assertInstanceOf(PackageCatalogue.Removal.class, outcome);
    assertEquals(Set.of(PACKAGED.id()), removal.apps());
    assertTrue(
        problem(EDGE, "uninstall", "{\"packageName\":\"marathon-lb\"}")
            .message()
            .contains("dromos.node.roles"));
  }

  @Test
  void theVersionedTypeIsGivenBackAsItWasAskedFor() {
    String type = "application/vnd.dcos.package.search-response+json;charset=utf-8;version=v1";
    assertEquals(type, PackageServlet.negotiated(type));
    assertEquals(
        type,
        PackageServlet.negotiated(
            type + ",application/vnd.dcos.package.error+json;charset=utf-8;version=v1"));
    assertNull(PackageServlet.negotiated("application/json"));
    assertNull(PackageServlet.negotiated(null));
  }

  @Test
  void theStateHasEveryKeyThatTaskListingIndexes() {
    AppSpec app =
        WireFixtures.app(
            """
            {"id":"/prod/web","cmd":"x","labels":{"HAPROXY_GROUP":"external"},
             "portDefinitions":[{"port":0}]}""");
    Task running = WireFixtures.task(app, 1, TaskState.RUNNING, 31000);
    Task failed = WireFixtures.task(app, 2, TaskState.FAILED);
    MesosState mesos = mesos(app, running, failed);
    JsonNode state = Json.MAPPER.valueToTree(mesos.state());
    JsonNode framework = state.path("frameworks").path(0);
    assertEquals("marathon", framework.path("name").asText());
    assertEquals("root", framework.path("user").asText());
    assertEquals(1, framework.path("tasks").size());
    assertEquals(1, framework.path("completed_tasks").size());
    JsonNode task = framework.path("tasks").path(0);
    assertEquals("web.prod", task.path("name").asText());
    assertEquals("b1f1c8e4-S0", task.path("slave_id").asText());
    assertEquals("[31000-31000]", task.path("resources").path("ports").asText());
    assertEquals("HAPROXY_GROUP", task.path("labels").path(0).path("key").asText());
    assertTrue(task.path("statuses").path(0).path("timestamp").isNumber());
    assertEquals(
        running.id().value(),
        task.path("statuses")
            .path(0)
            .path("container_status")
            .path("container_id")
            .path("value")
            .asText());
    JsonNode slave = state.path("slaves").path(0);
    assertEquals("slave(1)@10.0.0.5:5051", slave.path("pid").asText());
    assertEquals("[31000-32000]", slave.path("resources").path("ports").asText());
    assertEquals("[31000-31000]", slave.path("used_resources").path("ports").asText());
    assertTrue(state.path("hostname").isTextual());
  }

  @Test
  void theSummaryCountsTasksAndNamesNone() {
    AppSpec app = WireFixtures.app("{\"id\":\"/a\",\"cmd\":\"x\"}");
    JsonNode summary =
        Json.MAPPER.valueToTree(mesos(app, WireFixtures.task(app, 1, TaskState.RUNNING)).summary());
    assertEquals(1, summary.path("slaves").path(0).path("TASK_RUNNING").asInt());
    assertEquals(1, summary.path("frameworks").path(0).path("TASK_RUNNING").asInt());
    assertFalse(summary.toString().contains("\"tasks\""));
  }

  private static MesosState mesos(AppSpec app, Task... tasks) {
    World world =
        new World(
            1,
            Map.of(app.id(), app),
            Map.of(app.id(), Map.of(app.version(), app)),
            List.of(tasks),
            List.of(),
            List.of(),
            List.of(),
            List.of(WireFixtures.agent("n1", "process")));
    return new MesosState(world, "b1f1c8e4", "10.0.0.5", "0.1.0", "root", NOON);
  }

  private static PackageCatalogue.Outcome call(EdgeFacts edge, String operation, String request) {
    JsonNode body =
        Json.MAPPER.valueToTree(
            Json.read(request.getBytes(java.nio.charset.StandardCharsets.UTF_8), JsonNode.class));
    return new PackageCatalogue(edge, List.of(PACKAGED), "0.1.0").call(operation, body);
  }

  private static ObjectNode answer(EdgeFacts edge, String operation, String request) {
    return assertInstanceOf(PackageCatalogue.Answer.class, call(edge, operation, request)).body();
  }

  private static PackageCatalogue.Problem problem(
      EdgeFacts edge, String operation, String request) {
    return assertInstanceOf(PackageCatalogue.Problem.class, call(edge, operation, request));
  }
}
