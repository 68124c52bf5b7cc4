package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.placement.Agent.PortRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Assigns a service port to every port that asks for any (marathon-api reference, 4.1). Explicit
 * ones are kept as they are; a new definition of an app keeps what the old one had.
 */
final class ServicePorts {
  private final PortRange range;

  ServicePorts(PortRange range) {
    this.range = range;
  }

  /**
   * The definitions with their ports assigned, in the same order; empty when the range is used up.
   *
   * @param current the tree before the change
   */
  Optional<List<AppSpec>> assign(Collection<AppSpec> upserts, Map<AppId, AppSpec> current) {
    Set<Integer> used = new TreeSet<>();
    current.values().forEach(app -> used.addAll(portsOf(app)));
    upserts.forEach(app -> used.addAll(portsOf(app)));
    List<AppSpec> assigned = new ArrayList<>();
    for (AppSpec app : upserts) {
      List<PortSpec> ports = assign(app, current.get(app.id()), used);
      if (ports == null) {
        return Optional.empty();
      }
      assigned.add(app.withPorts(ports));
    }
    return Optional.of(assigned);
  }

  private @Nullable List<PortSpec> assign(
      AppSpec app, @Nullable AppSpec previous, Set<Integer> used) {
    Deque<Integer> reusable = new ArrayDeque<>();
    if (previous != null) {
      Set<Integer> mentioned = portsOf(app);
      previous.ports().stream()
          .map(PortSpec::servicePort)
          .filter(port -> range.contains(port) && !mentioned.contains(port))
          .forEach(reusable::add);
    }
    List<PortSpec> ports = new ArrayList<>();
    for (PortSpec port : app.ports()) {
      if (port.servicePort() != 0) {
        ports.add(port);
        continue;
      }
      Integer chosen = reusable.poll();
      if (chosen == null) {
        chosen = lowestFree(used);
      }
      if (chosen == null) {
        return null;
      }
      used.add(chosen);
      ports.add(port.withServicePort(chosen));
    }
    return ports;
  }

  private @Nullable Integer lowestFree(Set<Integer> used) {
    for (int port = range.from(); port <= range.to(); port++) {
      if (!used.contains(port)) {
        return port;
      }
    }
    return null;
  }

  static Set<Integer> portsOf(AppSpec app) {
    Set<Integer> ports = new TreeSet<>();
    app.ports().stream().map(PortSpec::servicePort).filter(p -> p != 0).forEach(ports::add);
    return ports;
  }
}
