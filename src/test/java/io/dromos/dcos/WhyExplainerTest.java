package io.dromos.dcos;

import static io.dromos.api.WireFixtures.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.api.WireFixtures;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.HealthLimits;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WhyExplainerTest {
  private static final AppSpec APP = WireFixtures.app("{\"id\":\"/app\",\"cmd\":\"x\",\"mem\":64}");
  private static final Instant NOW = NOON.plusSeconds(10);

  @Test
  void whatRunsNeedsNoExcuse() {
    Task task = WireFixtures.task(APP, 1, TaskState.RUNNING, 31000);
    assertEquals(
        List.of("1 of 1 wanted instance runs."), explain(APP, List.of(task), null, null, null));
  }

  @Test
  void tooLittleMemoryIsSaidWithNumbers() {
    QueueEntry queued =
        queued(
            RefusalReason.InsufficientMemory,
            "wants 9000000 MiB of memory, 3968 MiB are free",
            null);
    String said = String.join("\n", explain(APP, List.of(), queued, null, null));
    assertTrue(said.contains("None of 1 wanted instance runs."), said);
    assertTrue(said.contains("9000000 MiB of memory"), said);
    assertTrue(said.contains("n1 (InsufficientMemory)"), said);
  }

  @Test
  void whatFitsOnNoEmptyAgentIsSaidEvenWhenSomethingElseIsShortNow() {
    AppSpec huge = WireFixtures.app("{\"id\":\"/app\",\"cmd\":\"x\",\"mem\":9000000,\"cpus\":2.5}");
    String said =
        String.join(
            "\n",
            explain(
                huge,
                List.of(),
                queued(RefusalReason.InsufficientCpus, "wants 2.5 CPUs, 1 is free", null),
                null,
                null));
    assertTrue(
        said.contains("asks for 9000000 MiB of memory, the largest agent has 4096 in all."), said);
    assertFalse(said.contains("2.5 CPUs, the largest"), said);
  }

  @Test
  void aCrashIsSaidWithItsExitCodeItsLogAndTheWait() {
    QueueEntry queued = new QueueEntry(APP.id(), 1, NOON, NOW.plusSeconds(42), null, 0, 0);
    LaunchDelay delay = new LaunchDelay(APP.id(), NOON, 42_000, NOW.plusSeconds(42), 5);
    TaskFailure failure = failure(TaskState.FAILED, "Command exited with status 3");
    String said = String.join("\n", explain(APP, List.of(), queued, delay, failure));
    assertTrue(said.contains("waits 42 s after 5 failures"), said);
    assertTrue(said.contains("DELETE /v2/queue/app/delay"), said);
    assertTrue(said.contains("TASK_FAILED: Command exited with status 3."), said);
    assertTrue(said.contains("stderr"), said);
  }

  @Test
  void anOldFailureIsForgivenOnceTheAppRuns() {
    Task task = WireFixtures.task(APP, 1, TaskState.RUNNING, 31000);
    TaskFailure failure = failure(TaskState.FAILED, "Command exited with status 3");
    String said = String.join("\n", explain(APP, List.of(task), null, null, failure));
    assertFalse(said.contains("status 3"), said);
  }

  @Test
  void aFixedPortIsNamed() {
    AppSpec fixed =
        WireFixtures.app(
            """
            {"id":"/app","cmd":"x","requirePorts":true,"portDefinitions":[{"port":8099}]}""");
    String said =
        String.join(
            "\n",
            explain(
                fixed,
                List.of(),
                queued(RefusalReason.InsufficientPorts, "its port is taken", null),
                null,
                null));
    assertTrue(said.contains("8099"), said);
  }

  @Test
  void aMissingEngineAndAnImageBeingPulledAreNamed() {
    AppSpec docker =
        WireFixtures.app(
            """
            {"id":"/app","container":{"type":"DOCKER","docker":{"image":"no/such:1"}}}""");
    String without =
        String.join(
            "\n",
            explain(
                docker,
                List.of(),
                queued(RefusalReason.UnfulfilledConstraint, "cannot run docker tasks", null),
                null,
                null));
    assertTrue(without.contains("no Docker Engine at unix:///var/run/docker.sock"), without);
    Task pulling = WireFixtures.task(docker, 1, TaskState.STAGING);
    String staging = String.join("\n", explain(docker, List.of(pulling), null, null, null));
    assertTrue(staging.contains("no/such:1"), staging);
    assertTrue(staging.contains("starting for 10 s"), staging);
  }

  @Test
  void aFailingHealthCheckIsSaidWithItsCause() {
    AppSpec checked =
        WireFixtures.app(
            """
            {"id":"/app","cmd":"x","portDefinitions":[{"port":0}],
             "healthChecks":[{"protocol":"HTTP","path":"/health"}]}""");
    Task base = WireFixtures.task(checked, 1, TaskState.RUNNING, 31000);
    Task sick =
        new Task(
            base.goal(),
            base.seen()
                .withHealth(List.of(HealthResult.UNKNOWN.failed(NOW, "503 Service Unavailable"))));
    String said = String.join("\n", explain(checked, List.of(sick), null, null, null));
    assertTrue(said.contains("1 of 1 wanted instance runs, 0 healthy."), said);
    assertTrue(
        said.contains("fails its health check (1 in a row): 503 Service Unavailable."), said);
  }

  @Test
  void aTaskOnItsWayOutSaysWhatItWaitsFor() {
    Task base = WireFixtures.task(APP, 1, TaskState.RUNNING, 31000);
    Task leaving =
        new Task(base.goal().killed(KillReason.REPLACED, NOON.plusSeconds(7)), base.seen());
    String said = String.join("\n", explain(APP, List.of(leaving), null, null, null));
    assertTrue(said.contains("is being stopped (REPLACED) since 3 s: traffic is leaving"), said);
  }

  @Test
  void aStoppedAppSaysSo() {
    String said = String.join("\n", explain(APP.withInstances(0), List.of(), null, null, null));
    assertTrue(said.contains("the app is stopped"), said);
  }

  @Test
  void conflictsAndDegradedPlanesBelongToTheAnswer() {
    RoutingSnapshot snapshot =
        new RoutingSnapshot(
            1,
            1,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            RoutingSnapshot.EMPTY.dns(),
            Map.of("/app", List.of("vhost shop.example.com belongs to /other")),
            NOON);
    Task task = WireFixtures.task(APP, 1, TaskState.RUNNING, 31000);
    List<String> said =
        WhyExplainer.explain(
            new WhyExplainer.Facts(
                world(APP, List.of(task), null, null),
                Map.of(),
                List.of(),
                snapshot,
                Map.of("l4", "serves 1, degraded: app:80/tcp: port 80 refused", "dns", "serves 1"),
                HealthLimits.DEFAULT,
                NOW),
            APP);
    assertTrue(
        said.contains("Routing: vhost shop.example.com belongs to /other."), said.toString());
    assertTrue(said.toString().contains("The l4 plane of this node serves 1, degraded"));
    assertFalse(said.toString().contains("dns"));
  }

  @Test
  void statusesOfTheOverviewFirstMatchWins() {
    QueueEntry delayed = new QueueEntry(APP.id(), 1, NOON, NOW.plusSeconds(9), null, 0, 0);
    QueueEntry waiting = queued(RefusalReason.InsufficientMemory, "too big", null);
    Task running = WireFixtures.task(APP, 1, TaskState.RUNNING, 31000);
    assertEquals("delayed", status(APP, List.of(), List.of("d"), delayed));
    assertEquals("waiting", status(APP, List.of(), List.of("d"), waiting));
    assertEquals("deploying", status(APP, List.of(running), List.of("d"), null));
    assertEquals("stopped", status(APP.withInstances(0), List.of(), List.of(), null));
    assertEquals("degraded", status(APP.withInstances(2), List.of(running), List.of(), null));
    assertEquals("running", status(APP, List.of(running), List.of(), null));
    assertEquals(
        "unreachable",
        status(APP, List.of(WireFixtures.task(APP, 2, TaskState.UNREACHABLE)), List.of(), null));
  }

  @Test
  void spansReadWell() {
    assertEquals("1 s", Words.span(Duration.ofMillis(200)));
    assertEquals("0 s", Words.span(Duration.ofSeconds(-5)));
    assertEquals("119 s", Words.span(Duration.ofSeconds(119)));
    assertEquals("3 min", Words.span(Duration.ofSeconds(200)));
    assertEquals("2 h", Words.span(Duration.ofMinutes(130)));
  }

  private static String status(
      AppSpec app, List<Task> tasks, List<String> deployments, @Nullable QueueEntry queued) {
    return OverviewJson.status(app, tasks, deployments, queued, NOW);
  }

  private static List<String> explain(
      AppSpec app,
      List<Task> tasks,
      @Nullable QueueEntry queued,
      @Nullable LaunchDelay delay,
      @Nullable TaskFailure failure) {
    return WhyExplainer.explain(
        new WhyExplainer.Facts(
            world(app, tasks, queued, delay),
            failure == null ? Map.of() : Map.of(app.id(), failure),
            List.of(),
            RoutingSnapshot.EMPTY,
            Map.of("l4", "serves 1"),
            HealthLimits.DEFAULT,
            NOW),
        app);
  }

  private static World world(
      AppSpec app, List<Task> tasks, @Nullable QueueEntry queued, @Nullable LaunchDelay delay) {
    Agent agent = WireFixtures.agent("n1", "process");
    return new World(
        1,
        Map.<AppId, AppSpec>of(app.id(), app),
        Map.of(app.id(), Map.of(app.version(), app)),
        tasks,
        List.of(),
        delay == null ? List.of() : List.of(delay),
        queued == null ? List.of() : List.of(queued),
        List.of(agent));
  }

  private static QueueEntry queued(
      RefusalReason reason, String detail, @Nullable Instant notBefore) {
    Refusal refusal =
        new Refusal(NOON, List.of(new Refusal.AgentRefusal("n1", reason, detail)), "no agent fits");
    return new QueueEntry(APP.id(), 1, NOON, notBefore, refusal, 1, 1);
  }

  private static TaskFailure failure(TaskState state, String message) {
    Task task = WireFixtures.task(APP, 9, state);
    return new TaskFailure(
        APP.id(), task.id(), "10.0.0.5", "n1", state, message, NOON, APP.version());
  }
}
