package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.BackoffSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Resources;
import io.dromos.app.UnreachableStrategy;
import io.dromos.app.UpgradeStrategy;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Facts for the compiler, told in a few words. One node: {@code n1} at 10.0.0.1, leading. */
final class Scene {
  static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  static final LocalPool POOL = LocalPool.parse("127.128.0.0/9");

  private final Map<AppId, AppSpec> apps = new LinkedHashMap<>();
  private final List<RoutingInput.Placed> tasks = new ArrayList<>();
  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final List<RoutingInput.Node> nodes = new ArrayList<>();
  private EdgeRules edge = new EdgeRules(Set.of("external"), false);
  private Set<TaskId> withdrawn = Set.of();
  private long revision = 1;

  Scene() {
    this("10.0.0.1");
  }

  /** The one node is at another address. */
  Scene(String address) {
    nodes.add(new RoutingInput.Node("n1", address, "c1-S0", 8080, true, true, true));
  }

  static PortSpec port(int servicePort, String... vips) {
    return port(servicePort, List.of(Protocol.TCP), vips);
  }

  static PortSpec port(int servicePort, List<Protocol> protocols, String... vips) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String vip : vips) {
      labels.put("VIP_" + labels.size(), vip);
    }
    return new PortSpec(null, 0, servicePort, protocols, null, labels);
  }

  static HealthCheck check(HealthCheck.Protocol protocol, int portIndex) {
    return new HealthCheck(protocol, "/", portIndex, null, null, 1, 1, 1, 3, 0, false, "IPv4");
  }

  static AppSpec app(
      String path, Map<String, String> labels, List<HealthCheck> checks, PortSpec... ports) {
    return app(path, Network.HOST, labels, checks, ports);
  }

  /** On a network named dcos. */
  static AppSpec containerApp(String path, Map<String, String> labels, PortSpec... ports) {
    Network network =
        new Network(Network.Mode.CONTAINER, List.of(new Network.Attachment("dcos", Map.of())));
    return app(path, network, labels, List.of(), ports);
  }

  /** In a container behind a bridge of its node. */
  static AppSpec bridgeApp(String path, PortSpec... ports) {
    return app(path, new Network(Network.Mode.BRIDGE, List.of()), Map.of(), List.of(), ports);
  }

  private static AppSpec app(
      String path,
      Network network,
      Map<String, String> labels,
      List<HealthCheck> checks,
      PortSpec... ports) {
    return new AppSpec(
        new AppId(path),
        "serve",
        List.of(),
        null,
        Map.of(),
        labels,
        1,
        Resources.NONE,
        null,
        network,
        List.of(ports),
        false,
        checks,
        List.of(),
        UpgradeStrategy.DEFAULT,
        UnreachableStrategy.DEFAULT,
        KillSelection.YOUNGEST_FIRST,
        BackoffSpec.DEFAULT,
        null,
        List.of(),
        List.of(),
        "*",
        List.of(),
        List.of(),
        "",
        null,
        T0,
        T0,
        T0);
  }

  static AppSpec app(String path, PortSpec... ports) {
    return app(path, Map.of(), List.of(), ports);
  }

  static AppSpec edgeApp(String path, Map<String, String> labels, PortSpec... ports) {
    return app(path, labels, List.of(), ports);
  }

  /** Every named VIP of the app gets the next index from 256 on. */
  Scene with(AppSpec app) {
    apps.put(app.id(), app);
    VipNames.canonicalNames(List.of(app))
        .forEach(name -> indices.putIfAbsent(name, 256 + indices.size()));
    return this;
  }

  static Task task(AppSpec app, String name, TaskState state, int... hostPorts) {
    TaskId id = new TaskId(name);
    TaskGoal goal =
        new TaskGoal(
            id,
            app.id(),
            app.version(),
            "n1",
            "10.9.9.9",
            Arrays.stream(hostPorts).boxed().toList(),
            Resources.NONE,
            T0,
            null,
            null,
            1);
    return new Task(
        goal,
        new TaskObservation(id, state, T0, T0, "", null, null, List.of(), List.of(), List.of(), 1));
  }

  /** In a container with addresses of its own. */
  static Task at(Task task, String... addresses) {
    TaskObservation seen = task.seen();
    return new Task(
        task.goal(),
        new TaskObservation(
            seen.id(),
            seen.state(),
            seen.since(),
            seen.startedAt(),
            seen.message(),
            seen.exitCode(),
            seen.runtimeId(),
            seen.health(),
            seen.readiness(),
            List.of(addresses),
            seen.revision()));
  }

  static Task killed(Task task) {
    return new Task(task.goal().killed(KillReason.SCALED_DOWN, T0), task.seen());
  }

  static Task healthy(Task task, Boolean... alive) {
    List<HealthResult> results = new ArrayList<>();
    for (Boolean one : alive) {
      results.add(
          one ? HealthResult.UNKNOWN.succeeded(T0) : HealthResult.UNKNOWN.failed(T0, "refused"));
    }
    return new Task(task.goal(), task.seen().withHealth(results));
  }

  Scene run(AppSpec app, String name, int... hostPorts) {
    return run(app, task(app, name, TaskState.RUNNING, hostPorts));
  }

  Scene run(AppSpec app, Task task) {
    tasks.add(new RoutingInput.Placed(task, app));
    return this;
  }

  Scene node(String name, String address, boolean leader) {
    nodes.add(
        new RoutingInput.Node(name, address, "c1-S" + nodes.size(), 8080, true, true, leader));
    return this;
  }

  /** A second node, which leads now in place of {@code n1}. */
  Scene leader(String name, String address) {
    RoutingInput.Node first = nodes.get(0);
    nodes.set(
        0,
        new RoutingInput.Node(
            first.name(), first.address(), first.agentId(), first.apiPort(), true, true, false));
    return node(name, address, true);
  }

  Scene groups(String... names) {
    edge = new EdgeRules(Set.of(names), false);
    return this;
  }

  Scene withdraw(String task) {
    withdrawn = Set.of(new TaskId(task));
    return this;
  }

  Scene revision(long at) {
    revision = at;
    return this;
  }

  Scene noIndices() {
    indices.clear();
    return this;
  }

  RoutingInput input() {
    return new RoutingInput(revision, apps, tasks, indices, POOL, nodes, edge, withdrawn, T0);
  }

  RoutingSnapshot compile() {
    return RoutingCompiler.compile(input(), 1);
  }
}
