package io.dromos.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.Constraint.Operator;
import io.dromos.app.Network;
import io.dromos.app.Resources;
import io.dromos.deployment.AnApp;
import io.dromos.placement.Agent.PortRange;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a task may run, and what a user reads when it may not. */
class PlacerTest {
  private static final Instant NOW = Instant.parse("2024-01-01T12:00:00Z");
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final List<Agent> agents = new ArrayList<>(List.of(agent("n1")));
  private final List<Task> tasks = new ArrayList<>();
  private final Set<Integer> frontends = new HashSet<>();
  private int told;

  @Test
  void aTaskGoesToAnAgentThatHasRoom() {
    assertEquals("n1", placed(AnApp.called("/web").spec()).agent().name());
  }

  @Test
  void tooMuchMemoryIsRefusedWithTheNumbers() {
    Refusal refusal = refused(AnApp.called("/huge").resources(0.1, 9_000_000).spec());
    assertEquals(
        "no agent has 8789 GiB of memory free: most free is 1024 MiB on n1", summaryOf(refusal));
    assertEquals(RefusalReason.InsufficientMemory, refusal.agents().get(0).reason());
  }

  @Test
  void memoryThatOtherTasksHoldIsNotFree() {
    place(AnApp.called("/a").resources(0.1, 1000).spec());
    Refusal refusal = refused(AnApp.called("/b").resources(0.1, 32).spec());
    assertEquals(
        "no agent has 32 MiB of memory free: most free is 24 MiB on n1", summaryOf(refusal));
  }

  @Test
  void cpusDiskAndGpusAreCountedToo() {
    assertTrue(summaryOf(refused(AnApp.called("/a").resources(64, 1).spec())).contains("64 CPUs"));
    assertTrue(
        summaryOf(refused(AnApp.called("/a").resources(new Resources(0, 1, 9e6, 0)).spec()))
            .contains("of disk"));
    assertTrue(
        summaryOf(refused(AnApp.called("/a").resources(new Resources(0, 1, 0, 2)).spec()))
            .contains("2 GPUs"));
  }

  @Test
  void tenthsOfACpuAddUpExactly() {
    AppSpec tenth = AnApp.called("/a").resources(0.1, 1).spec();
    for (int i = 0; i < 40; i++) {
      place(tenth);
    }
    assertEquals(RefusalReason.InsufficientCpus, refused(tenth).agents().get(0).reason());
  }

  @Test
  void withoutAnAgentTheReasonSaysWhatToDo() {
    agents.clear();
    assertTrue(summaryOf(refused(AnApp.called("/a").spec())).contains("start a node"));
  }

  @Test
  void aSilentAgentIsNotAsked() {
    agents.set(0, agent("n1", NOW.minusSeconds(10), List.of("process"), Map.of()));
    assertTrue(refused(AnApp.called("/a").spec()).agents().isEmpty());
  }

  @Test
  void dockerAppsNeedAnEngineAndTheReasonSaysWhyThereIsNone() {
    agents.set(0, agent("n1", NOW, List.of("process"), Map.of()));
    Refusal refusal = refused(AnApp.called("/a").docker("nginx").spec());
    assertTrue(summaryOf(refusal).contains("no socket"), summaryOf(refusal));
    assertEquals(RefusalReason.UnfulfilledConstraint, refusal.agents().get(0).reason());
  }

  @Test
  void resourceRolesAreHonoured() {
    placed(AnApp.called("/lb").acceptedRoles("slave_public").spec());
    assertEquals(
        RefusalReason.UnfulfilledRole,
        refused(AnApp.called("/lb").acceptedRoles("gold").spec()).agents().get(0).reason());
  }

  @Test
  void instancesSpreadOverAgents() {
    agents.add(agent("n2"));
    agents.add(agent("n3"));
    AppSpec web = AnApp.called("/web").spec();
    assertEquals(
        List.of("n1", "n2", "n3", "n1"), List.of(next(web), next(web), next(web), next(web)));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "UNIQUE,, n1 n2 refused",
    "MAX_PER, 2, n1 n2 n1 n2 refused",
    "CLUSTER, n2, n2 n2 n2",
    "CLUSTER,, n1 n1 n1",
    "GROUP_BY, 2, n1 n2 n1 n2",
    "GROUP_BY,, n1 n2 n1 n2",
    "LIKE, n[2-9], n2 n2 n2",
    "UNLIKE, n[2-9], n1 n1 n1",
    "IS, 10.0.0.2, n2 n2 n2",
  })
  void constraintsOnTheHostname(Operator operator, String value, String expected) {
    agents.add(agent("n2"));
    AppSpec app = AnApp.called("/web").constraint("hostname", operator, value).spec();
    List<String> got = new ArrayList<>();
    for (int i = 0; i < expected.split(" ").length; i++) {
      got.add(next(app));
    }
    assertEquals(expected, String.join(" ", got));
  }

  @ParameterizedTest(name = "rack {0} {1}: {2}")
  @CsvSource({
    "UNIQUE,, n1 n3 refused",
    "CLUSTER, r2, n3 n3",
    "GROUP_BY, 2, n1 n3 n2 n3",
    "LIKE, r.*, n1 n2 n3",
    "UNLIKE, r.*, n4 n4",
    "MAX_PER, 1, n1 n3 refused",
    "IS, r1, n1 n2",
  })
  void constraintsOnAnAttribute(Operator operator, String value, String expected) {
    agents.clear();
    agents.add(agent("n1", NOW, List.of("process"), Map.of("rack", "r1")));
    agents.add(agent("n2", NOW, List.of("process"), Map.of("rack", "r1")));
    agents.add(agent("n3", NOW, List.of("process"), Map.of("rack", "r2")));
    agents.add(agent("n4", NOW, List.of("process"), Map.of()));
    AppSpec app = AnApp.called("/web").constraint("rack", operator, value).spec();
    List<String> got = new ArrayList<>();
    for (int i = 0; i < expected.split(" ").length; i++) {
      got.add(next(app));
    }
    assertEquals(expected, String.join(" ", got));
  }

  @Test
  void scalarsAreComparedWithThreeDecimals() {
    agents.set(0, agent("n1", NOW, List.of("process"), Map.of("speed", "2.0001")));
    placed(AnApp.called("/a").constraint("speed", Operator.IS, "2").spec());
    refused(AnApp.called("/a").constraint("speed", Operator.IS, "2.1").spec());
  }

  @Test
  void freeHostPortsComeFromTheOfferAndAreNeverGivenTwice() {
    AppSpec web = AnApp.called("/web").port(10000).port(10001).resources(0.01, 1).spec();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      List<Integer> ports = place(web).hostPorts();
      assertEquals(2, ports.size());
      for (int port : ports) {
        assertTrue(port >= 31000 && port <= 31099, "port " + port);
        assertTrue(seen.add(port), "twice: " + port);
      }
    }
    assertEquals(RefusalReason.InsufficientPorts, refused(web).agents().get(0).reason());
  }

  @Test
  void theChoiceLooksRandomButIsTheSameForTheSameTask() {
    AppSpec web = AnApp.called("/web").port(0).spec();
    TaskId id = new TaskId("web.00000000-0000-1000-8000-000000000001");
    TaskId other = new TaskId("web.00000000-0000-1000-8000-000000000002");
    assertEquals(portsOf(placer().place(web, id)), portsOf(placer().place(web, id)));
    assertNotEquals(portsOf(placer().place(web, id)), portsOf(placer().place(web, other)));
  }

  @Test
  void portsOfFrontendsAreLeftAlone() {
    for (int port = 31000; port < 31099; port++) {
      frontends.add(port);
    }
    assertEquals(List.of(31099), placed(AnApp.called("/web").port(0).spec()).hostPorts());
  }

  @Test
  void requiredPortsAreTheServicePorts() {
    AppSpec fixed = AnApp.called("/web").port(31050).requirePorts().spec();
    assertEquals(List.of(31050), place(fixed).hostPorts());
    Refusal refusal = refused(fixed);
    assertTrue(summaryOf(refusal).contains("31050 is taken by web."), summaryOf(refusal));
  }

  @Test
  void aPortThatIsNotOfferedIsNamedWithTheSettingThatOffersIt() {
    Refusal refusal = refused(AnApp.called("/web").port(8080).requirePorts().spec());
    assertTrue(summaryOf(refusal).contains("8080"), summaryOf(refusal));
    assertTrue(summaryOf(refusal).contains("dromos.node.ports"), summaryOf(refusal));
  }

  @Test
  void bridgedPortsAreFixedOrFree() {
    AppSpec bridged =
        AnApp.called("/web")
            .docker("nginx")
            .network(Network.BRIDGE)
            .port(31007, 10000, Map.of())
            .port(0, 10001, Map.of())
            .spec();
    List<Integer> ports = placed(bridged).hostPorts();
    assertEquals(31007, ports.get(0));
    assertEquals(2, ports.size());
  }

  @Test
  void containerNetworksHaveHostPortsOnlyWhereAskedFor() {
    Network network =
        new Network(Network.Mode.CONTAINER, List.of(new Network.Attachment("blue", Map.of())));
    AppSpec app =
        AnApp.called("/web")
            .docker("nginx")
            .network(network)
            .port(null, 10000, Map.of())
            .port(31007, 10001, Map.of())
            .spec();
    assertEquals(List.of(31007), placed(app).hostPorts());
  }

  @Test
  void severalReasonsAreAllTold() {
    agents.add(agent("n2", NOW, List.of("docker"), Map.of()));
    String summary = summaryOf(refused(AnApp.called("/a").resources(0.1, 4096).spec()));
    assertTrue(summary.startsWith("2 agents were asked"), summary);
    assertTrue(summary.contains("memory") && summary.contains("process"), summary);
  }

  private Placer placer() {
    return new Placer(agents, tasks, frontends, NOW, SILENCE);
  }

  private Placement placed(AppSpec app) {
    return ((Placer.Outcome.Placed) placer().place(app, id(app))).placement();
  }

  private Refusal refused(AppSpec app) {
    return ((Placer.Outcome.Refused) placer().place(app, id(app))).refusal();
  }

  /** Places and remembers, as a launch does. */
  private Placement place(AppSpec app) {
    return placeNext(app);
  }

  private Placement placeNext(AppSpec app) {
    TaskId id = id(app);
    Placement placement = ((Placer.Outcome.Placed) placer().place(app, id)).placement();
    remember(app, id, placement);
    return placement;
  }

  private String next(AppSpec app) {
    TaskId id = id(app);
    Placer.Outcome outcome = placer().place(app, id);
    if (outcome instanceof Placer.Outcome.Placed placed) {
      remember(app, id, placed.placement());
      return placed.placement().agent().name();
    }
    return "refused";
  }

  private void remember(AppSpec app, TaskId id, Placement placement) {
    TaskGoal goal = placement.goal(app, id, NOW);
    tasks.add(new Task(goal, TaskObservation.staging(id, NOW)));
  }

  private TaskId id(AppSpec app) {
    return TaskId.create(app.id(), "00000000-0000-1000-8000-%012d".formatted(++told));
  }

  private static String summaryOf(Refusal refusal) {
    return refusal.summary();
  }

  private static List<Integer> portsOf(Placer.Outcome outcome) {
    return Stream.of(outcome)
        .map(o -> ((Placer.Outcome.Placed) o).placement().hostPorts())
        .findFirst()
        .orElseThrow();
  }

  private static Agent agent(String name) {
    return agent(name, NOW, List.of("process", "docker"), Map.of());
  }

  private static Agent agent(
      String name, Instant seenAt, List<String> features, Map<String, String> attributes) {
    return new Agent(
        name,
        name + "-S0",
        "10.0.0." + name.substring(1),
        "10.0.0." + name.substring(1) + ":8080",
        List.of("master", "agent", "edge"),
        new Resources(4, 1024, 10_000, 0),
        List.of(new PortRange(31000, 31049), new PortRange(31050, 31099)),
        attributes,
        features,
        Map.of("docker", "no socket at /var/run/docker.sock"),
        1,
        Map.of(),
        NOW,
        seenAt);
  }
}
