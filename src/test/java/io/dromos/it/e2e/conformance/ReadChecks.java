package io.dromos.it.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** 51–75: reading apps, tasks and versions, and the defaults they show. */
interface ReadChecks extends Section {
  String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

  @Override
  default void prepare() {
    marathon().create(Section.sleeper("/sise"));
    marathon().create(Section.sleeper("/a/b"));
    marathon().create(Section.sleeper("/a/deep/c"));
    marathon()
        .create(Section.sleeper("/labelled", ",\"labels\":{\"env\":\"prod\",\"tier\":\"1\"}"));
    marathon().settle();
  }

  private JsonNode sise() {
    return marathon().app("sise");
  }

  private List<String> found(String query) {
    return Marathon.ids(Expect.status(200, marathon().get("/v2/apps?" + query)).at("/apps"));
  }

  private boolean selects(String selector) {
    return found("label=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
        .contains("/labelled");
  }

  @Check(51)
  default void slashesInAPathDoNotMatter() {
    JsonNode plain = sise();
    for (String path :
        List.of("/v2/apps//sise", "/v2/apps/%2Fsise", "/v2/apps/sise/", "/v2//apps//sise")) {
      assertEquals(plain, Expect.status(200, marathon().get(path)).at("/app"), path);
    }
    assertEquals("/a/deep/c", marathon().app("a/deep/c").path("id").asText());
    assertEquals("/a/deep/c", marathon().app("a//deep%2Fc").path("id").asText());
    for (String path :
        List.of(
            "/v2/apps/",
            "/v2/tasks/",
            "/v2/deployments/",
            "/v2/queue/",
            "/v2/groups/",
            "/v2/info/",
            "/v2/apps//sise/tasks/",
            "/v2/apps//sise//versions")) {
      Expect.status(200, marathon().get(path));
    }
  }

  @Check(52)
  default void defaultsAreShown() {
    JsonNode app = sise();
    assertEquals(1, app.path("backoffSeconds").asInt());
    assertEquals(1.15, app.path("backoffFactor").asDouble());
    assertEquals(300, app.path("maxLaunchDelaySeconds").asInt());
    assertEquals(0, app.path("disk").asDouble(-1));
    assertEquals(0, app.path("gpus").asInt(-1));
    assertEquals("", app.path("executor").asText("none"));
    assertFalse(app.path("requirePorts").asBoolean(true));
    assertEquals("YOUNGEST_FIRST", app.path("killSelection").asText());
    assertEquals("*", app.path("role").asText());
    Expect.json("{}", app.path("labels"));
  }

  @Check(53)
  default void upgradeStrategyIsFullCapacityTwice() {
    Expect.json(
        "{\"maximumOverCapacity\":1,\"minimumHealthCapacity\":1}", sise().path("upgradeStrategy"));
  }

  @Check(54)
  default void unreachableTasksAreReplacedAtOnce() {
    Expect.json(
        "{\"inactiveAfterSeconds\":0,\"expungeAfterSeconds\":0}",
        sise().path("unreachableStrategy"));
  }

  @Check(55)
  default void anAppIsOnTheHostsNetworkWithOnePort() {
    JsonNode app = sise();
    Expect.json("[{\"mode\":\"host\"}]", app.path("networks"));
    assertEquals(1, app.path("portDefinitions").size());
    JsonNode port = app.path("portDefinitions").path(0);
    assertEquals("default", port.path("name").asText());
    assertEquals("tcp", port.path("protocol").asText());
    int number = port.path("port").asInt();
    assertTrue(number >= 10000 && number <= 20000, port::toString);
  }

  @Check(56)
  default void whatIsEmptyOrLegacyIsLeftOut() {
    JsonNode app = sise();
    for (String field :
        List.of(
            "ports",
            "uris",
            "ipAddress",
            "args",
            "env",
            "constraints",
            "dependencies",
            "healthChecks",
            "fetch",
            "secrets",
            "readinessChecks",
            "container")) {
      assertFalse(app.has(field), field);
    }
  }

  @Check(57)
  default void nothingIsNull() {
    for (String path :
        List.of(
            "/v2/apps/sise",
            "/v2/apps?embed=apps.tasks",
            "/v2/tasks",
            "/v2/groups",
            "/v2/apps/sise/versions",
            "/v2/queue",
            "/v2/deployments")) {
      Expect.noNulls(marathon().get(path).json(), path);
    }
  }

  @Check(58)
  default void aNewAppWasScaledAndConfiguredWhenItWasMade() {
    JsonNode app = sise();
    assertEquals(app.path("version"), app.path("versionInfo").path("lastScalingAt"));
    assertEquals(app.path("version"), app.path("versionInfo").path("lastConfigChangeAt"));
  }

  @Check(59)
  default void tasksAndDeploymentsAreEmbedded() {
    assertTrue(sise().path("tasks").isArray());
    assertTrue(sise().path("deployments").isArray());
  }

  @Check(60)
  default void itsTaskRuns() {
    JsonNode app = sise();
    assertEquals(1, app.path("tasks").size());
    assertEquals("TASK_RUNNING", app.path("tasks").path(0).path("state").asText());
    assertEquals(1, app.path("tasksRunning").asInt());
    assertEquals(0, app.path("tasksStaged").asInt(-1));
    assertEquals(0, app.path("tasksHealthy").asInt(-1));
    assertEquals(0, app.path("deployments").size());
  }

  @Check(61)
  default void aTaskHasAllItsFields() {
    JsonNode task = sise().path("tasks").path(0);
    assertEquals("/sise", task.path("appId").asText());
    assertEquals(1, task.path("ports").size());
    assertTrue(task.path("ports").path(0).isInt(), task::toString);
    assertTrue(task.path("ipAddresses").path(0).has("ipAddress"), task::toString);
    assertEquals("IPv4", task.path("ipAddresses").path(0).path("protocol").asText());
    Expect.json("[]", task.path("healthCheckResults"));
    Expect.json("[]", task.path("localVolumes"));
    assertTrue(task.path("stagedAt").asText().matches(Expect.VERSION), task::toString);
    assertTrue(task.path("startedAt").asText().matches(Expect.VERSION), task::toString);
    assertEquals(sise().path("version"), task.path("version"));
    for (String field : List.of("id", "host", "slaveId")) {
      assertFalse(task.path(field).asText().isEmpty(), field);
    }
  }

  @Check(62)
  default void aTaskIdTellsTheApp() {
    String forms = "(" + UUID + "(\\.\\d+)?|instance-" + UUID + "\\._app(\\.\\d+)?)";
    String id = sise().path("tasks").path(0).path("id").asText();
    assertTrue(id.matches("sise\\." + forms), id);
    String nested = marathon().app("a/b").path("tasks").path(0).path("id").asText();
    assertTrue(nested.matches("a_b\\." + forms), nested);
  }

  @Check(63)
  default void anUnknownAppIsNotFound() {
    Expect.message(404, "App '/nope' does not exist", marathon().get("/v2/apps/nope"));
    Expect.message(404, "App '/nope/x' does not exist", marathon().get("/v2/apps//nope/x"));
  }

  @Check(64)
  default void theListHasCountsAndDeploymentsButNoTasks() {
    JsonNode apps = Expect.status(200, marathon().get("/v2/apps")).at("/apps");
    assertEquals(4, apps.size());
    for (JsonNode app : apps) {
      for (String count : List.of("Staged", "Running", "Healthy", "Unhealthy")) {
        assertTrue(app.path("tasks" + count).isInt(), app::toString);
      }
      assertTrue(app.path("deployments").isArray(), app::toString);
      assertFalse(app.has("tasks"), app::toString);
      assertFalse(app.has("lastTaskFailure"), app::toString);
    }
  }

  @Check(65)
  default void tasksAreEmbeddedWhenAskedFor() {
    for (JsonNode app : marathon().get("/v2/apps?embed=apps.tasks").at("/apps")) {
      assertEquals(1, app.path("tasks").size(), app::toString);
    }
  }

  @Check(66)
  default void anUnknownEmbedIsIgnored() {
    assertEquals(
        marathon().get("/v2/apps").json(),
        Expect.status(200, marathon().get("/v2/apps?embed=apps.foo")).json());
  }

  @Check(67)
  default void appsAreFoundByAPartOfTheirIdInAnyCase() {
    assertEquals(List.of("/sise"), found("id=SIS"));
  }

  @Check(68)
  default void appsAreFoundByAPartOfTheirCommandInAnyCase() {
    assertTrue(found("cmd=SLEEP").contains("/sise"));
    assertEquals(List.of(), found("cmd=xyz"));
    assertEquals(List.of(), found("cmd=SLEEP&id=xyz"));
  }

  @Check(69)
  default void appsAreSelectedByLabel() {
    assertTrue(selects("env"));
    assertTrue(selects("env==prod"));
    assertFalse(selects("env!=prod"));
    assertFalse(selects("foo!=x"));
    assertTrue(selects("env in (dev,prod)"));
    assertTrue(selects("tier notin (2)"));
    assertFalse(selects("env==prod,tier==2"));
    assertEquals(List.of("/labelled"), found("label=env"));
    assertEquals(4, found("label=").size());
  }

  @Check(70)
  default void aBrokenSelectorIsRefused() {
    for (String selector : List.of("env=", "(")) {
      Answer answer =
          marathon().get("/v2/apps?label=" + URLEncoder.encode(selector, StandardCharsets.UTF_8));
      Expect.words(422, "Can not parse label selector " + selector + ". Reason: ", answer);
    }
  }

  @Check(71)
  default void aStarListsAllAppsBelowAGroup() {
    for (String star : List.of("*", "%2A")) {
      JsonNode apps = Expect.status(200, marathon().get("/v2/apps/a/" + star)).at("/*");
      assertEquals(Set.of("/a/b", "/a/deep/c"), Set.copyOf(Marathon.ids(apps)));
      apps.forEach(app -> assertEquals(1, app.path("tasks").size(), app::toString));
    }
    assertEquals(4, marathon().get("/v2/apps/*").at("/*").size());
    Expect.message(404, "Group '/nope' does not exist", marathon().get("/v2/apps/nope/*"));
  }

  @Check(72)
  default void versionsAreListed() {
    Answer answer = Expect.status(200, marathon().get("/v2/apps/sise/versions"));
    assertEquals(Set.of("versions"), Expect.names(answer.json()));
    assertEquals(1, answer.at("/versions").size());
    assertEquals(sise().path("version"), answer.at("/versions/0"));
    Expect.message(404, "App '/nope' does not exist", marathon().get("/v2/apps/nope/versions"));
  }

  @Check(73)
  default void aVersionIsTheBareDefinition() {
    String version = sise().path("version").asText();
    JsonNode app = Expect.status(200, marathon().get("/v2/apps/sise/versions/" + version)).json();
    assertEquals("/sise", app.path("id").asText());
    assertEquals(version, app.path("version").asText());
    assertTrue(app.has("versionInfo"), app::toString);
    for (String extra : List.of("app", "tasksRunning", "tasks", "deployments")) {
      assertFalse(app.has(extra), extra);
    }
    String offset = version.replace("Z", "%2B00:00");
    assertEquals(app, marathon().get("/v2/apps/sise/versions/" + offset).json());
    Expect.message(
        404,
        "App '/sise' does not exist in version 2014-03-01T23:42:20.938Z",
        marathon().get("/v2/apps/sise/versions/2014-03-01T23:42:20.938Z"));
    Expect.message(
        422,
        "Invalid timestamp provided 'xyz'. Expecting ISO-8601 datetime string.",
        marathon().get("/v2/apps/sise/versions/xyz"));
  }

  @Check(74)
  default void onlyTheListOfAllTasksHasServicePorts() {
    JsonNode own = Expect.status(200, marathon().get("/v2/apps/sise/tasks")).at("/tasks").path(0);
    Expect.json("[]", own.path("servicePorts"));
    JsonNode listed = null;
    for (JsonNode task : Expect.status(200, marathon().get("/v2/tasks")).at("/tasks")) {
      listed = task.path("id").equals(own.path("id")) ? task : listed;
    }
    assertTrue(listed != null);
    assertEquals(
        sise().path("portDefinitions").path(0).path("port"), listed.path("servicePorts").path(0));
    assertEquals(new TreeSet<>(Expect.names(own)), Expect.names(listed));
  }

  @Check(75)
  default void tasksAreFilteredByStatus() {
    marathon().create(Section.sleeper("c75", ",\"cpus\":10000"));
    for (JsonNode task : marathon().get("/v2/tasks?status=staging").at("/tasks")) {
      assertEquals("TASK_STAGING", Marathon.state(task));
    }
    JsonNode running = marathon().get("/v2/tasks?status%5B%5D=running").at("/tasks");
    assertTrue(Marathon.ids(running).size() >= 4);
    running.forEach(task -> assertEquals("TASK_RUNNING", Marathon.state(task)));
    assertEquals(
        running, marathon().get("/v2/tasks?status[]=running".replace("[]", "%5b%5d")).at("/tasks"));
    assertEquals(running.size(), marathon().get("/v2/tasks?status=nonsense").at("/tasks").size());
  }
}
