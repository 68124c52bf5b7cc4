package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Violation;
import io.dromos.app.VipClaim;
import io.dromos.app.VipLabel;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
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
  private final IdentityHashMap<AppSpec, List<VipClaim>> claimsBySpec = new IdentityHashMap<>();

  VipCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
  }

  List<Vip> compile() {
    for (RoutingInput.Placed placed : tasks.living()) {
      for (VipClaim claim : claims(placed.spec())) {
        addTask(placed, claim);
      }
    }
    // What is asked for keeps its place while no task is behind it: see Vip.
    for (AppSpec app : input.apps().values()) {
      for (VipClaim claim : claims(app)) {
        claim.protocols().forEach(protocol -> draft(claim.label(), protocol));
      }
    }
    List<Vip> vips = new ArrayList<>();
    drafts.values().forEach(draft -> vips.addAll(vip(draft)));
    vips.sort(Comparator.comparing(Vip::key));
    return vips;
  }

  /** Tasks of one definition share its object: a thousand of them are read once. */
  private List<VipClaim> claims(AppSpec spec) {
    return claimsBySpec.computeIfAbsent(
        spec,
        app -> {
          List<Violation> problems = new ArrayList<>();
          List<VipClaim> claims = VipClaim.of(app, problems);
          problems.forEach(
              problem ->
                  warnings.add(
                      app.id(),
                      "label "
                          + problem.path().substring(problem.path().lastIndexOf('/') + 1)
                          + ": "
                          + problem.message()));
          return claims;
        });
  }

  private Draft draft(VipLabel label, Protocol protocol) {
    return drafts.computeIfAbsent(
        label.name() + " " + label.port() + " " + protocol, key -> new Draft(label, protocol));
  }

  private void addTask(RoutingInput.Placed placed, VipClaim claim) {
    VipLabel label = claim.label();
    PortSpec port = placed.spec().ports().get(claim.portIndex());
    List<TaskBackends.Endpoint> endpoints = tasks.endpoints(placed, claim.portIndex());
    if (endpoints.isEmpty()) {
      warnings.add(
          placed.spec().id(),
          "VIP "
              + label.name()
              + ":"
              + label.port()
              + " has no backend: port "
              + claim.portIndex()
              + " has no host port, and its container has no address of its own");
      return;
    }
    if (port.hostPort() != null && port.hostPort() == label.port()) {
      warnings.add(
          placed.spec().id(),
          "VIP port "
              + label.port()
              + " is also the app's fixed host port; on a node that runs the app the userspace"
              + " plane cannot open it. Use a dynamic host port (hostPort or port 0)");
    }
    for (Protocol protocol : claim.protocols()) {
      Draft draft = draft(label, protocol);
      for (TaskBackends.Endpoint endpoint : endpoints) {
        draft.backends.add(tasks.backend(placed, endpoint, TaskBackends.vipState(placed)));
        draft.reachable.add(placed.task().state() != TaskState.UNREACHABLE);
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
