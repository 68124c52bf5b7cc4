package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.ReadinessCheck;
import io.dromos.health.Endpoint;
import io.dromos.health.ProbeTarget;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.PortCheck;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskGoal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What follows for this machine from a task's goal and its definition. */
final class LaunchOrder {
  private LaunchOrder() {}

  /** Everything a runtime has to know. */
  static LaunchSpec spec(Task task, AppSpec app, Sandboxes sandboxes) {
    String seenAs = app.needsDocker() ? Sandboxes.IN_CONTAINER : sandboxes.of(task.id()).toString();
    return new LaunchSpec(
        task.id(),
        app,
        TaskEnvironment.of(app, task.goal(), seenAs),
        task.goal().hostPorts(),
        sandboxes.of(task.id()));
  }

  /** Why launching the task is no use; empty when nothing speaks against it. */
  static Optional<TaskEvent> obstacle(
      Task task,
      @Nullable AppSpec app,
      @Nullable TaskRuntime runtime,
      PortCheck ports,
      Instant now) {
    if (app == null) {
      String message = "Version " + task.goal().version() + " of the app is not stored any more";
      return Optional.of(new TaskEvent.LaunchFailed(now, true, message));
    }
    if (runtime == null) {
      String message = "No runtime of this node runs such a task";
      return Optional.of(new TaskEvent.LaunchFailed(now, true, message));
    }
    return takenPort(task, app, ports).map(why -> new TaskEvent.LaunchFailed(now, false, why));
  }

  /** A sentence about a host port that somebody else listens on; empty when all are free. */
  private static Optional<String> takenPort(Task task, AppSpec app, PortCheck ports) {
    for (int i = 0; i < app.ports().size(); i++) {
      OptionalInt port = hostPort(app, task.goal(), i);
      if (port.isPresent()
          && app.ports().get(i).protocols().stream()
              .anyMatch(protocol -> ports.isTaken(port.getAsInt(), protocol))) {
        return Optional.of(
            "Port "
                + port.getAsInt()
                + " of "
                + task.goal().host()
                + " is taken: another program listens on it");
      }
    }
    return Optional.empty();
  }

  /** How a running task is probed. */
  static ProbeTarget probeTarget(Task task, AppSpec app) {
    List<Optional<Endpoint>> endpoints = new ArrayList<>();
    for (HealthCheck check : app.healthChecks()) {
      endpoints.add(endpoint(check, task, app));
    }
    Instant startedAt = task.seen().startedAt();
    return new ProbeTarget(
        task.id(),
        app.healthChecks(),
        endpoints,
        startedAt == null ? task.seen().since() : startedAt,
        task.seen().health());
  }

  /** A container of a network of its own is asked itself where it has no port of the machine. */
  private static Optional<Endpoint> endpoint(HealthCheck check, Task task, AppSpec app) {
    String machine = check.ipProtocol().equals("IPv6") ? "::1" : task.goal().host();
    Optional<String> own = task.seen().addresses().stream().findFirst();
    Integer fixed = check.port();
    if (fixed != null) {
      boolean inside = app.network().mode() == Network.Mode.CONTAINER && own.isPresent();
      return Optional.of(new Endpoint(inside ? own.get() : machine, fixed));
    }
    return endpoint(check.portIndex() == null ? 0 : check.portIndex(), machine, task, app);
  }

  /** Where a readiness check asks; none where its port can be reached from nowhere. */
  static Optional<Endpoint> endpoint(ReadinessCheck check, Task task, AppSpec app) {
    for (int i = 0; i < app.ports().size(); i++) {
      if (check.portName().equals(app.ports().get(i).name())) {
        return endpoint(i, task.goal().host(), task, app);
      }
    }
    return Optional.empty();
  }

  private static Optional<Endpoint> endpoint(int index, String machine, Task task, AppSpec app) {
    Optional<String> own = task.seen().addresses().stream().findFirst();
    OptionalInt hostPort = hostPort(app, task.goal(), index);
    if (hostPort.isPresent()) {
      return Optional.of(new Endpoint(machine, hostPort.getAsInt()));
    }
    Integer containerPort = index < app.ports().size() ? app.ports().get(index).containerPort() : 0;
    return containerPort == null || containerPort == 0
        ? Optional.empty()
        : own.map(address -> new Endpoint(address, containerPort));
  }

  /** Host port of the port with this index; none where the definition asks for none. */
  static OptionalInt hostPort(AppSpec app, TaskGoal goal, int index) {
    List<PortSpec> ports = app.ports();
    if (index < 0 || index >= ports.size() || ports.get(index).hostPort() == null) {
      return OptionalInt.empty();
    }
    int position =
        (int) ports.subList(0, index).stream().filter(port -> port.hostPort() != null).count();
    return position < goal.hostPorts().size()
        ? OptionalInt.of(goal.hostPorts().get(position))
        : OptionalInt.empty();
  }
}
