package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.NameLabel;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.task.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names of one running task, and what they were made from: while that stays the same, so do
 * they.
 *
 * @param host where its node is reached
 * @param addresses one address each; a name may come twice
 * @param services one record each, whose target is among {@code addresses}
 * @param warnings what could not be published, for users
 */
record TaskRecords(
    AppSpec spec,
    String host,
    String agentId,
    List<Address> addresses,
    List<Service> services,
    List<String> warnings) {
  /** A name with a list of one address, ready to be the whole answer. */
  record Address(String name, List<String> value) {}

  /** A name with a list of one SRV record, ready to be the whole answer. */
  record Service(String name, List<DnsRecords.Srv> value) {}

  private static final String DIRECTORY = ".dcos.thisdcos.directory";

  TaskRecords {
    addresses = List.copyOf(addresses);
    services = List.copyOf(services);
    warnings = List.copyOf(warnings);
  }

  static TaskRecords of(
      RoutingInput.Placed placed, TaskBackends tasks, String host, String agentId) {
    return new Maker(placed, tasks, host, agentId).make();
  }

  /** True while the names of the task would come out the same. */
  boolean holds(RoutingInput.Placed placed, String host, String agentId) {
    return spec.equals(placed.spec()) && this.host.equals(host) && this.agentId.equals(agentId);
  }

  private static final class Maker {
    private final RoutingInput.Placed placed;
    private final TaskBackends tasks;
    private final String host;
    private final String agentId;
    private final List<Address> addresses = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> named = new HashSet<>();

    Maker(RoutingInput.Placed placed, TaskBackends tasks, String host, String agentId) {
      this.placed = placed;
      this.tasks = tasks;
      this.host = host;
      this.agentId = agentId;
    }

    TaskRecords make() {
      if (IpText.isAddress(host)) {
        addNames();
      } else {
        warnings.add("task names are not published: " + host + " is not an IPv4 address");
      }
      return new TaskRecords(placed.spec(), host, agentId, addresses, services, warnings);
    }

    private void addNames() {
      Task task = placed.task();
      String raw = task.appId().hostname().toLowerCase(Locale.ROOT);
      String label = NameLabel.label(raw);
      String zone = "." + VipNames.FRAMEWORK;
      List<String> inside = task.seen().addresses();
      boolean isHost = placed.spec().network().mode() == Network.Mode.HOST;
      address(label + zone + ".agentip" + DIRECTORY, host);
      for (String own : isHost ? List.of(host) : inside) {
        address(label + zone + ".containerip" + DIRECTORY, own);
      }
      boolean viaAgent = isHost || inside.isEmpty() || hasHostPort(placed.spec());
      List<String> reached = viaAgent ? List.of(host) : inside;
      reached.forEach(best -> address(label + zone + ".autoip" + DIRECTORY, best));
      String suffix =
          "-"
              + TaskNames.hash(task.id())
              + "-"
              + NameLabel.label(agentId.substring(agentId.lastIndexOf('-') + 1));
      for (String name : new LinkedHashSet<>(List.of(label, raw))) {
        addMesosNames(name, name + suffix, reached);
      }
    }

    private static boolean hasHostPort(AppSpec spec) {
      return spec.ports().stream().anyMatch(port -> port.hostPort() != null);
    }

    private void addMesosNames(String name, String canonical, List<String> reached) {
      String zone = "." + VipNames.FRAMEWORK + ".mesos";
      String slaveZone = "." + VipNames.FRAMEWORK + ".slave.mesos";
      if (!NameCompiler.isValid(canonical + slaveZone)) {
        warnings.add(canonical + zone + " is longer than DNS allows; it is not published");
        return;
      }
      // The slave zone has the agent's address; what SRV records point at must be where the port
      // is.
      for (String best : reached) {
        address(name + zone, best);
        address(canonical + zone, best);
      }
      address(name + slaveZone, host);
      address(canonical + slaveZone, host);
      List<PortSpec> ports = placed.spec().ports();
      for (int i = 0; i < ports.size(); i++) {
        List<TaskBackends.Endpoint> endpoints = tasks.endpoints(placed, i);
        if (endpoints.isEmpty()) {
          continue;
        }
        int number = endpoints.get(0).port();
        String portName = ports.get(i).name();
        for (Protocol protocol : ports.get(i).protocols()) {
          String owner = "_" + name + "._" + protocol.name().toLowerCase(Locale.ROOT) + zone;
          service(owner, canonical + zone, number);
          if (portName != null) {
            service("_" + NameLabel.label(portName) + "." + owner, canonical + zone, number);
          }
        }
        // What is not mapped to the agent cannot be reached there.
        if (ports.get(i).hostPort() != null) {
          service("_" + name + "._tcp" + slaveZone, canonical + slaveZone, number);
          service("_" + name + "._udp" + slaveZone, canonical + slaveZone, number);
        }
      }
    }

    private void address(String name, String address) {
      if (IpText.isAddress(address) && NameCompiler.isValid(name)) {
        named.add(name);
        addresses.add(new Address(name, List.of(address)));
      }
    }

    /** After the target's addresses: a record never points at a name without one. */
    private void service(String name, String target, int port) {
      if (NameCompiler.isValid(name) && named.contains(target)) {
        services.add(new Service(name, List.of(new DnsRecords.Srv(target, port))));
      }
    }
  }
}
