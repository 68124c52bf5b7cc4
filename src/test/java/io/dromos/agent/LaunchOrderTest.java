package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.HealthCheck.Protocol;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.ReadinessCheck;
import io.dromos.app.Resources;
import io.dromos.health.Endpoint;
import io.dromos.runtime.AnApp;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where health checks connect to. */
class LaunchOrderTest {
  private static final Instant NOW = Instant.parse("2024-01-01T12:00:00Z");
  private static final Network CONTAINER =
      new Network(Network.Mode.CONTAINER, List.of(new Network.Attachment("n", Map.of())));

  @Test
  void aPortOfTheMachineIsProbedThere() {
    AppSpec host = app(Network.HOST, "IPv4", 1, null, port(null, 0), port(null, 0));
    assertEquals(Optional.of(new Endpoint("10.0.0.5", 31002)), endpoint(host));
    AppSpec bridge = app(Network.BRIDGE, "IPv4", 0, null, port(80, 0));
    assertEquals(Optional.of(new Endpoint("10.0.0.5", 31001)), endpoint(bridge));
    AppSpec fixed = app(Network.BRIDGE, "IPv4", null, 9000, port(80, 0));
    assertEquals(Optional.of(new Endpoint("10.0.0.5", 9000)), endpoint(fixed));
  }

  @Test
  void aContainerWithoutAPortOfTheMachineIsProbedItself() {
    AppSpec own = app(CONTAINER, "IPv4", 0, null, port(80, null));
    assertEquals(Optional.of(new Endpoint("172.18.0.3", 80)), endpoint(own));
    AppSpec fixed = app(CONTAINER, "IPv4", null, 9000, port(80, null));
    assertEquals(Optional.of(new Endpoint("172.18.0.3", 9000)), endpoint(fixed));
    AppSpec published = app(CONTAINER, "IPv4", 0, null, port(80, 0));
    assertEquals(Optional.of(new Endpoint("10.0.0.5", 31001)), endpoint(published));
    AppSpec unknown = app(CONTAINER, "IPv4", 0, null, port(0, null));
    assertEquals(Optional.empty(), endpoint(unknown));
  }

  @Test
  void ipv6IsTheMachinesOwnLoopback() {
    AppSpec six = app(Network.BRIDGE, "IPv6", 0, null, port(80, 0));
    assertEquals(Optional.of(new Endpoint("::1", 31001)), endpoint(six));
  }

  @Test
  void readinessIsAskedWhereHealthWouldBe() {
    ReadinessCheck web = new ReadinessCheck("r", false, "/", "web", 1, 1, List.of(200), false);
    AppSpec own = app(CONTAINER, "IPv4", 0, null, named("web", port(80, null)));
    assertEquals(
        Optional.of(new Endpoint("172.18.0.3", 80)), LaunchOrder.endpoint(web, task(own), own));
    AppSpec bridge = app(Network.BRIDGE, "IPv4", 0, null, port(79, 0), named("web", port(80, 0)));
    assertEquals(
        Optional.of(new Endpoint("10.0.0.5", 31002)),
        LaunchOrder.endpoint(web, task(bridge), bridge));
    AppSpec nameless = app(Network.BRIDGE, "IPv4", 0, null, port(80, 0));
    assertEquals(Optional.empty(), LaunchOrder.endpoint(web, task(nameless), nameless));
  }

  private static PortSpec named(String name, PortSpec port) {
    return new PortSpec(
        port.containerPort(), port.hostPort(), 0, port.protocols(), name, port.labels());
  }

  private static Optional<Endpoint> endpoint(AppSpec app) {
    return LaunchOrder.probeTarget(task(app), app).endpoints().get(0);
  }

  private static Task task(AppSpec app) {
    TaskId id = new TaskId("x.c7c311a4-b669-11e6-a48f-0ea4f4b1778c");
    boolean machines = app.ports().stream().anyMatch(port -> port.hostPort() != null);
    TaskGoal goal =
        new TaskGoal(
            id,
            app.id(),
            app.version(),
            "n1",
            "10.0.0.5",
            machines ? List.of(31001, 31002).subList(0, app.ports().size()) : List.of(),
            Resources.NONE,
            NOW,
            null,
            null,
            0);
    TaskObservation seen =
        new TaskObservation(
            id,
            TaskState.RUNNING,
            NOW,
            NOW,
            "",
            null,
            "c",
            List.of(),
            List.of(),
            List.of("172.18.0.3"),
            0);
    return new Task(goal, seen);
  }

  private static PortSpec port(@Nullable Integer container, @Nullable Integer host) {
    return new PortSpec(container, host, 0, List.of(io.dromos.app.Protocol.TCP), null, Map.of());
  }

  private static AppSpec app(
      Network network,
      String ip,
      @Nullable Integer index,
      @Nullable Integer fixed,
      PortSpec... ports) {
    return AnApp.named("/x")
        .image("i")
        .network(network)
        .ports(ports)
        .checks(
            new HealthCheck(Protocol.MESOS_TCP, null, index, fixed, null, 1, 1, 1, 1, 1, false, ip))
        .build();
  }
}
