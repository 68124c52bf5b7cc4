package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mesosphere.marathon.client.Marathon;
import mesosphere.marathon.client.MarathonClient;
import mesosphere.marathon.client.MarathonException;
import mesosphere.marathon.client.model.v2.App;
import mesosphere.marathon.client.model.v2.Deployment;
import mesosphere.marathon.client.model.v2.Group;
import mesosphere.marathon.client.model.v2.HealthCheck;
import mesosphere.marathon.client.model.v2.Result;
import mesosphere.marathon.client.model.v2.Task;
import mesosphere.marathon.client.model.v2.VersionedApp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole life in the hands of {@code com.mesosphere:marathon-client}, the published Java client,
 * as it is; and the way from one server to another.
 */
class MarathonClientE2eIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path dir;
  static Node node;
  static Marathon marathon;

  @BeforeAll
  static void start() throws IOException {
    node = Node.start(dir.resolve("data"), Map.of());
    marathon = MarathonClient.getInstance(node.url());
  }

  @AfterAll
  static void stop() throws IOException {
    node.close();
  }

  @AfterEach
  void removeWhatIsLeft() {
    marathon.getApps().getApps().forEach(app -> marathon.deleteApp(app.getId()));
    settled();
  }

  @Test
  void anAppIsCreatedScaledUpdatedAndDeleted() {
    VersionedApp created = marathon.createApp(sleeper("/life", 1));
    assertEquals("/life", created.getId());
    assertNotNull(created.getVersion());
    assertEquals(1, running("/life", 1).size());

    App scale = new App();
    scale.setInstances(3);
    assertNotNull(marathon.updateApp("/life", scale, false).getDeploymentId());
    Set<String> old = ids(running("/life", 3));
    VersionedApp scaled = marathon.getApp("/life").getApp();
    assertEquals(3, scaled.getInstances());
    assertEquals("exec sleep 100000", scaled.getCmd());

    App update = new App();
    update.setCmd("exec sleep 99999");
    update.setEnv(new HashMap<>(Map.of("COLOUR", "blue")));
    Result result = marathon.updateApp("/life", update, false);
    Collection<Task> renewed = running("/life", 3);
    assertTrue(ids(renewed).stream().noneMatch(old::contains), "all were replaced");
    renewed.forEach(task -> assertEquals(result.getVersion(), task.getVersion()));
    assertEquals("blue", marathon.getApp("/life").getApp().getEnv().get("COLOUR"));

    Collection<String> versions = marathon.getAppVersions("/life").getVersions();
    assertEquals(3, versions.size());
    App first = marathon.getAppVersion("/life", created.getVersion());
    assertEquals("exec sleep 100000", first.getCmd());

    assertNotNull(marathon.restartApp("/life", false).getDeploymentId());
    assertTrue(
        ids(running("/life", 3)).stream().noneMatch(ids(renewed)::contains), "all were restarted");

    assertNotNull(marathon.deleteApp("/life").getDeploymentId());
    settled();
    assertEquals(404, refused(() -> marathon.getApp("/life")).getStatus());
    assertTrue(marathon.getTasks().getTasks().isEmpty());
  }

  @Test
  void tasksAreKilledAndReplacedOrTakenOff() {
    marathon.createApp(sleeper("/kill", 2));
    Collection<Task> before = running("/kill", 2);
    String victim = before.iterator().next().getId();
    assertEquals(victim, marathon.deleteAppTask("/kill", victim, "false").getTask().getId());
    Await.until("replaced", LIMIT, () -> !ids(running("/kill", 2)).contains(victim));
    assertEquals(
        2,
        marathon
            .deleteAppTasks("/kill", before.iterator().next().getHost(), "false")
            .getTasks()
            .size());
    Await.until(
        "both replaced",
        LIMIT,
        () -> ids(running("/kill", 2)).stream().noneMatch(ids(before)::contains));
  }

  @Test
  void healthAndPortsAreTold() {
    App app = new App();
    app.setId("/service");
    app.setCmd(Apps.serviceCommand());
    app.setCpus(0.1);
    app.setMem(32.0);
    app.setInstances(1);
    HealthCheck check = new HealthCheck();
    check.setProtocol("HTTP");
    check.setPath("/health");
    check.setPortIndex(0);
    check.setGracePeriodSeconds(30);
    check.setIntervalSeconds(1);
    app.setHealthChecks(List.of(check));
    marathon.createApp(app);
    Task task = running("/service", 1).iterator().next();
    assertEquals(1, task.getPorts().size());
    assertTrue(task.getHealthCheckResults().iterator().next().getAlive());
    VersionedApp seen = marathon.getApp("/service").getApp();
    assertEquals(1, seen.getTasksHealthy());
    assertEquals("/health", seen.getHealthChecks().get(0).getPath());
    assertEquals(1, seen.getPortDefinitions().size());
  }

  @Test
  void aDeploymentThatCannotEndIsSeenAndRolledBack() {
    marathon.createApp(sleeper("/stuck", 1));
    running("/stuck", 1);
    App tooMuch = new App();
    tooMuch.setMem(9_000_000.0);
    Result result = marathon.updateApp("/stuck", tooMuch, false);
    Deployment seen =
        Await.value(
            "the deployment",
            LIMIT,
            () ->
                marathon.getDeployments().stream()
                    .filter(d -> d.getId().equals(result.getDeploymentId()))
                    .findFirst()
                    .orElse(null));
    assertEquals(List.of("/stuck"), new ArrayList<>(seen.getAffectedApps()));
    assertFalse(seen.getSteps().isEmpty());
    Await.until(
        "in the queue",
        LIMIT,
        () ->
            marathon.getQueue().getQueue().stream()
                .anyMatch(e -> e.getApp().getId().equals("/stuck")));
    App second = new App();
    second.setInstances(2);
    MarathonException locked = refused(() -> marathon.updateApp("/stuck", second, false));
    assertEquals(409, locked.getStatus());
    assertTrue(locked.getMessage().contains("locked"), locked.getMessage());
    assertNotNull(marathon.cancelDeploymentAndRollback(result.getDeploymentId()).getDeploymentId());
    settled();
    assertEquals(16.0, marathon.getApp("/stuck").getApp().getMem());
    Result again = marathon.updateApp("/stuck", tooMuch, false);
    marathon.cancelDeployment(again.getDeploymentId());
    settled();
  }

  @Test
  void aGroupLivesAndDies() {
    Group group = new Group("/shop");
    App web = sleeper("/shop/web", 1);
    web.addDependency("/shop/db");
    group.setApps(List.of(sleeper("/shop/db", 1), web));
    assertNotNull(marathon.createGroup(group).getDeploymentId());
    running("/shop/db", 1);
    running("/shop/web", 1);
    Group seen = marathon.getGroup("/shop");
    assertEquals(
        Set.of("/shop/db", "/shop/web"),
        seen.getApps().stream().map(App::getId).collect(Collectors.toSet()));
    Group smaller = new Group("/shop");
    smaller.setApps(List.of(sleeper("/shop/db", 2)));
    assertNotNull(marathon.updateGroup("/shop", false, smaller).getDeploymentId());
    running("/shop/db", 2);
    assertEquals(404, refused(() -> marathon.getApp("/shop/web")).getStatus());
    assertEquals(409, refused(() -> marathon.createGroup(group)).getStatus());
    assertNotNull(marathon.deleteGroup("/shop", true).getDeploymentId());
    settled();
    assertEquals(404, refused(() -> marathon.getGroup("/shop")).getStatus());
  }

  @Test
  void wrongInputIsTheClientsExceptionWithStatusAndWords() {
    App noCommand = new App();
    noCommand.setId("/nothing");
    MarathonException invalid = refused(() -> marathon.createApp(noCommand));
    assertEquals(422, invalid.getStatus());
    assertTrue(invalid.getMessage().contains("'cmd' or 'args'"), invalid.getMessage());
    App upper = sleeper("/UPPER", 1);
    assertTrue(refused(() -> marathon.createApp(upper)).getMessage().contains("/id"));
    App negative = sleeper("/negative", -1);
    assertEquals(422, refused(() -> marathon.createApp(negative)).getStatus());
    marathon.createApp(sleeper("/twice", 0));
    assertEquals(409, refused(() -> marathon.createApp(sleeper("/twice", 0))).getStatus());
    assertEquals(404, refused(() -> marathon.deleteApp("/nope")).getStatus());
    assertEquals(404, refused(() -> marathon.restartApp("/nope", true)).getStatus());
    assertEquals(404, refused(() -> marathon.cancelDeployment("nope")).getStatus());
  }

  @Test
  void theServerTellsOfItself() {
    var info = marathon.getServerInfo();
    assertEquals("marathon", info.getName());
    assertNotNull(info.getVersion());
    assertTrue(info.getElected());
    assertNotNull(info.getLeader());
  }

  @Test
  void everythingMovesToAnotherServerAndARepeatChangesNothing() throws Exception {
    node.deploy(Apps.service("move-web", 2, ",\"dependencies\":[\"/move/db\"]"));
    node.deploy(Apps.sleeper("/move/db", 1));
    running("/move-web", 2);
    try (Node other = Node.start(dir.resolve("other"), Map.of("dromos.node.roles", "master"))) {
      Node.Output report = other.cli("import", node.url(), "--dry-run");
      assertEquals(0, report.status(), report.text());
      assertTrue(report.text().contains("/move/db   new"), report.text());
      assertEquals(0, other.json("/v2/apps").path("apps").size(), "a dry run creates nothing");

      Node.Output done = other.cli("import", node.url());
      assertEquals(0, done.status(), done.text());
      assertEquals(definitions(node), definitions(other));

      Node.Output again = other.cli("import", node.url() + "/v2/apps");
      assertEquals(0, again.status(), again.text());
      assertTrue(again.text().contains("Nothing to do."), again.text());
    }
  }

  private static Map<String, String> definitions(Node of) throws Exception {
    Map<String, String> found = new TreeMap<>();
    for (JsonNode app : of.json("/v2/apps").path("apps")) {
      found.put(
          app.path("id").asText(),
          List.of("cmd", "instances", "cpus", "portDefinitions", "labels", "dependencies").stream()
              .map(field -> field + "=" + app.path(field))
              .collect(Collectors.joining(" ")));
    }
    return found;
  }

  private static App sleeper(String id, int instances) {
    App app = new App();
    app.setId(id);
    app.setCmd("exec sleep 100000");
    app.setCpus(0.01);
    app.setMem(16.0);
    app.setInstances(instances);
    return app;
  }

  private static MarathonException refused(Runnable call) {
    return assertThrows(MarathonException.class, call::run);
  }

  /** The running tasks once there are so many and no deployment works on them. */
  private static Collection<Task> running(String app, int count) {
    return Await.value(
        count + " running tasks of " + app,
        LIMIT,
        () -> {
          List<Task> running =
              marathon.getAppTasks(app).getTasks().stream()
                  .filter(task -> task.getState().equals("TASK_RUNNING"))
                  .toList();
          return running.size() == count && marathon.getDeployments().isEmpty() ? running : null;
        });
  }

  private static void settled() {
    Await.until("no deployments", LIMIT, () -> marathon.getDeployments().isEmpty());
  }

  private static Set<String> ids(Collection<Task> tasks) {
    return tasks.stream().map(Task::getId).collect(Collectors.toSet());
  }
}
