package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.PortSpec;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Which tasks are backends, where they are reached and whether they get new connections. The rules
 * for VIPs and for the edge differ, as those of DC/OS and marathon-lb do.
 */
final class TaskBackends {
  private final List<RoutingInput.Placed> living;
  private final Map<String, String> addresses;

  TaskBackends(RoutingInput input) {
    this.living =
        input.tasks().stream()
            .filter(placed -> isReachableState(placed.task().state()))
            .filter(placed -> !input.withdrawn().contains(placed.task().id()))
            .sorted(Comparator.comparing((RoutingInput.Placed placed) -> placed.task().id()))
            .toList();
    this.addresses =
        input.nodes().stream()
            .collect(
                Collectors.toMap(
                    RoutingInput.Node::name, RoutingInput.Node::address, (first, next) -> first));
  }

  private static boolean isReachableState(TaskState state) {
    return state == TaskState.RUNNING
        || state == TaskState.KILLING
        || state == TaskState.UNREACHABLE;
  }

  /** Tasks that may carry traffic, in task id order. */
  List<RoutingInput.Placed> living() {
    return living;
  }

  /** Where the task's node is reached now; what it was at placement when the node is unknown. */
  String hostOf(Task task) {
    return addresses.getOrDefault(task.goal().agent(), task.goal().host());
  }

  /** An address and port to connect to. */
  record Endpoint(String host, int port) {}

  /**
   * Where port {@code index} of the task's definition is reached from any node: at its host port,
   * else at each of the container's own addresses (service-discovery reference, 1.4). Empty while a
   * container on a network of its own has no address yet.
   */
  List<Endpoint> endpoints(RoutingInput.Placed placed, int index) {
    List<PortSpec> ports = placed.spec().ports();
    if (index >= ports.size()) {
      return List.of();
    }
    PortSpec port = ports.get(index);
    if (port.hostPort() != null) {
      OptionalInt hostPort = hostPort(placed, index);
      return hostPort.isPresent()
          ? List.of(new Endpoint(hostOf(placed.task()), hostPort.getAsInt()))
          : List.of();
    }
    Integer inside = port.containerPort();
    if (inside == null || inside == 0) {
      return List.of();
    }
    return placed.task().seen().addresses().stream()
        .map(address -> new Endpoint(address, inside))
        .toList();
  }

  /** The port of the task's node behind port {@code index} of its definition, if it has one. */
  private static OptionalInt hostPort(RoutingInput.Placed placed, int index) {
    List<PortSpec> ports = placed.spec().ports();
    int position =
        (int) ports.subList(0, index).stream().filter(port -> port.hostPort() != null).count();
    List<Integer> hostPorts = placed.task().goal().hostPorts();
    return position < hostPorts.size()
        ? OptionalInt.of(hostPorts.get(position))
        : OptionalInt.empty();
  }

  Backend backend(RoutingInput.Placed placed, Endpoint at, Backend.State state) {
    Task task = placed.task();
    return new Backend(task.id(), task.appId(), task.goal().agent(), at.host(), at.port(), state);
  }

  /**
   * State behind a VIP (service-discovery reference, 1.4). Checks that the agent runs hold traffic
   * back until their first pass; other checks only when they are known to fail (there DC/OS, which
   * cannot see them, would go on sending).
   */
  static Backend.State vipState(RoutingInput.Placed placed) {
    if (isDraining(placed.task())) {
      return Backend.State.DRAINING;
    }
    List<HealthCheck> checks = placed.spec().healthChecks();
    List<HealthResult> results = placed.task().seen().health();
    for (int i = 0; i < checks.size(); i++) {
      HealthResult result = i < results.size() ? results.get(i) : HealthResult.UNKNOWN;
      boolean unknown = result.lastSuccess() == null && result.lastFailure() == null;
      if (!result.alive() && (!unknown || checks.get(i).protocol().isAgentRun())) {
        return Backend.State.UNHEALTHY;
      }
    }
    return Backend.State.ACTIVE;
  }

  /**
   * State at the edge (marathon-lb reference, 5): with checks, one that is alive suffices and a
   * task without any result is held back.
   */
  static Backend.State edgeState(RoutingInput.Placed placed) {
    if (isDraining(placed.task())) {
      return Backend.State.DRAINING;
    }
    AppSpec spec = placed.spec();
    boolean serves =
        spec.healthChecks().isEmpty()
            || placed.task().seen().health().stream().anyMatch(HealthResult::alive);
    return serves ? Backend.State.ACTIVE : Backend.State.UNHEALTHY;
  }

  private static boolean isDraining(Task task) {
    return !task.goal().wantsRunning() || task.state() == TaskState.KILLING;
  }

  /**
   * Backends of unreachable tasks get no new connections, unless nobody behind the frontend can be
   * reached: then all are kept, since it is more likely that we are the blind one.
   */
  static List<Backend> preferReachable(List<Backend> backends, List<Boolean> reachable) {
    boolean blackout = !reachable.contains(true);
    List<Backend> kept = new ArrayList<>();
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(i);
      boolean hold = !blackout && !reachable.get(i) && backend.accepting();
      kept.add(
          hold
              ? new Backend(
                  backend.task(),
                  backend.app(),
                  backend.agent(),
                  backend.host(),
                  backend.port(),
                  Backend.State.UNHEALTHY)
              : backend);
    }
    return kept;
  }
}
