package io.dromos.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From facts to the routing truth: a pure function of its input. */
public final class RoutingCompiler {
  private RoutingCompiler() {}

  /**
   * Compiles a snapshot and checks it for consistency.
   *
   * @param sequence number of the snapshot on this node
   * @throws IllegalStateException when the result contradicts itself: a bug, and the last good
   *     snapshot should stay
   */
  public static RoutingSnapshot compile(RoutingInput input, long sequence) {
    return compile(input, sequence, new NameMemory());
  }

  /** As {@link #compile(RoutingInput, long)}; what {@code memory} knows makes it faster only. */
  static RoutingSnapshot compile(RoutingInput input, long sequence, NameMemory memory) {
    Warnings warnings = new Warnings();
    TaskBackends tasks = new TaskBackends(input);
    List<Vip> vips = new VipCompiler(input, tasks, warnings).compile();
    EdgeCompiler edge = new EdgeCompiler(input, tasks, warnings).compile();
    RoutingSnapshot snapshot =
        new RoutingSnapshot(
            input.revision(),
            sequence,
            vips,
            edge.vhosts(),
            edge.servicePorts(),
            edge.services(),
            new NameCompiler(input, tasks, warnings, memory).compile(),
            warnings.all(),
            input.causedAt());
    List<String> problems = problems(snapshot);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("inconsistent routes: " + String.join("; ", problems));
    }
    return snapshot;
  }

  /** What contradicts itself in a snapshot; empty when all is well. */
  static List<String> problems(RoutingSnapshot snapshot) {
    List<String> problems = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Map<String, String> nameByAddress = new HashMap<>();
    for (Vip vip : snapshot.vips()) {
      if (!keys.add(vip.key())) {
        problems.add(vip.key() + " twice");
      }
      String other = nameByAddress.putIfAbsent(vip.localAddress(), vip.name());
      if (other != null && !other.equals(vip.name())) {
        problems.add(vip.localAddress() + " for " + other + " and " + vip.name());
      }
      problems.addAll(badPorts(vip.key(), vip.backends()));
    }
    Set<Integer> ports = new HashSet<>();
    for (ServicePort service : snapshot.servicePorts()) {
      if (!ports.add(service.port())) {
        problems.add("service port " + service.port() + " twice");
      }
      problems.addAll(badPorts("service port " + service.port(), service.backends()));
    }
    snapshot
        .dns()
        .services()
        .forEach(
            (name, records) -> {
              for (DnsRecords.Srv srv : records) {
                if (!snapshot.dns().addresses().containsKey(srv.target())) {
                  problems.add(name + " points at " + srv.target() + ", which has no address");
                }
              }
            });
    return problems;
  }

  private static List<String> badPorts(String where, List<Backend> backends) {
    return backends.stream()
        .filter(backend -> backend.port() < 1 || backend.port() > 65535)
        .map(backend -> where + " leads to " + backend.endpoint())
        .toList();
  }
}
