package io.dromos.routing;

import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.VipLabel;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * VIPs from the labels of the definitions that the tasks were launched from. All tasks with the
 * same name, port and protocol share one VIP, whichever app they belong to.
 */
final class VipCompiler {
  /** One VIP while its backends are gathered. */
  private static final class Draft {
    final VipLabel label;
    final Protocol protocol;
    final List<Backend> backends = new ArrayList<>();
    final List<Boolean> reachable = new ArrayList<>();

    Draft(VipLabel label, Protocol protocol) {
      this.label = label;
      this.protocol = protocol;
    }
  }

  private final RoutingInput input;
  private final TaskBackends tasks;
  private final Warnings warnings;
  private final Map<String, Draft> drafts = new TreeMap<>();

  VipCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
  }

  List<Vip> compile() {
    for (RoutingInput.Placed placed : tasks.living()) {
      List<PortSpec> ports = placed.spec().ports();
      for (int i = 0; i < ports.size(); i++) {
        addPort(placed, i, ports.get(i));
      }
    }
    List<Vip> vips = new ArrayList<>();
    drafts.values().forEach(draft -> vips.addAll(vip(draft)));
    vips.sort(Comparator.comparing(Vip::key));
    return vips;
  }

  private void addPort(RoutingInput.Placed placed, int index, PortSpec port) {
    List<String> problems = new ArrayList<>();
    List<VipLabel> labels = VipNames.labels(port, problems);
    problems.forEach(problem -> warnings.add(placed.spec().id(), problem));
    List<TaskBackends.Endpoint> endpoints = tasks.endpoints(placed, index);
    for (VipLabel label : labels) {
      if (endpoints.isEmpty()) {
        warnings.add(
            placed.spec().id(),
            "VIP "
                + label.name()
                + ":"
                + label.port()
                + " has no backend: port "
                + index
                + " has no host port, and its container has no address of its own");
        continue;
      }
      if (port.hostPort() != null && port.hostPort() == label.port()) {
        warnings.add(
            placed.spec().id(),
            "VIP port "
                + label.port()
                + " is also the app's fixed host port; on a node that runs the app the userspace"
                + " plane cannot open it. Use a dynamic host port (hostPort or port 0)");
      }
      for (Protocol protocol : port.protocols()) {
        Draft draft =
            drafts.computeIfAbsent(
                label.name() + " " + label.port() + " " + protocol,
                key -> new Draft(label, protocol));
        for (TaskBackends.Endpoint endpoint : endpoints) {
          draft.backends.add(tasks.backend(placed, endpoint, TaskBackends.vipState(placed)));
          draft.reachable.add(placed.task().state() != TaskState.UNREACHABLE);
        }
      }
    }
  }

  private List<Vip> vip(Draft draft) {
    VipLabel label = draft.label;
    List<Backend> backends =
        TaskBackends.preferReachable(draft.backends, draft.reachable).stream().distinct().toList();
    if (label.address()) {
      if (input.pool().contains(label.name())) {
        backends.forEach(
            backend ->
                warnings.add(
                    backend.app(),
                    "VIP "
                        + label.name()
                        + " is not served: that address may belong to a named VIP; choose one"
                        + " outside of the pool"));
        return List.of();
      }
      return List.of(new Vip(label.name(), label.name(), label.port(), draft.protocol, backends));
    }
    Integer index = input.vipIndices().get(VipNames.canonical(label));
    if (index == null) {
      backends.forEach(
          backend ->
              warnings.add(
                  backend.app(), "VIP " + label.name() + " has no address in the store yet"));
      return List.of();
    }
    return List.of(
        new Vip(
            VipNames.dnsName(label),
            input.pool().address(index),
            label.port(),
            draft.protocol,
            backends));
  }
}
