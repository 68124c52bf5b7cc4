package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.NameLabel;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Names of tasks and nodes, as DC/OS DNS and Mesos-DNS publish them (service-discovery reference,
 * 2.3 and 2.4). Only tasks that run and are wanted count; health does not.
 */
final class NameCompiler {
  private static final String DIRECTORY = ".dcos.thisdcos.directory";
  private static final int ZK_NAMES = 5;

  private final RoutingInput input;
  private final TaskBackends tasks;
  private final Warnings warnings;
  private final Map<String, String> agentIds;
  private final Map<String, Boolean> usable = new HashMap<>();
  private final Map<String, Set<String>> addresses = new TreeMap<>();
  private final Map<String, Set<DnsRecords.Srv>> services = new TreeMap<>();

  NameCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
    this.agentIds =
        input.nodes().stream()
            .collect(
                Collectors.toMap(
                    RoutingInput.Node::name, RoutingInput.Node::agentId, (first, next) -> first));
  }

  DnsRecords compile() {
    addNodes();
    for (RoutingInput.Placed placed : tasks.living()) {
      if (placed.task().state() == TaskState.RUNNING && placed.task().goal().wantsRunning()) {
        addTask(placed);
      }
    }
    Map<String, List<String>> sortedAddresses = new TreeMap<>();
    addresses.forEach((name, values) -> sortedAddresses.put(name, List.copyOf(values)));
    Map<String, List<DnsRecords.Srv>> sortedServices = new TreeMap<>();
    services.forEach((name, values) -> sortedServices.put(name, List.copyOf(values)));
    return new DnsRecords(sortedAddresses, sortedServices);
  }

  private void addNodes() {
    List<RoutingInput.Node> masters = new ArrayList<>();
    for (RoutingInput.Node node :
        input.nodes().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
      if (node.master()) {
        address("master" + masters.size() + ".mesos", node.address());
        address("master.mesos", node.address());
        address("master" + DIRECTORY, node.address());
        masters.add(node);
      }
      if (node.leader()) {
        address("leader.mesos", node.address());
        address("leader" + DIRECTORY, node.address());
        address(VipNames.FRAMEWORK + ".mesos", node.address());
        service("_leader._tcp.mesos", "leader.mesos", node.apiPort());
        service("_leader._udp.mesos", "leader.mesos", node.apiPort());
        service(
            "_framework._tcp." + VipNames.FRAMEWORK + ".mesos",
            VipNames.FRAMEWORK + ".mesos",
            node.apiPort());
      }
      if (node.agent()) {
        address("slave.mesos", node.address());
        service("_slave._tcp.mesos", "slave.mesos", node.apiPort());
      }
    }
    // Five names whatever the number of masters, as clients of ZooKeeper on DC/OS have them.
    for (int i = 0; i < ZK_NAMES && !masters.isEmpty(); i++) {
      address("zk-" + (i + 1) + ".zk", masters.get(i % masters.size()).address());
    }
  }

  private void addTask(RoutingInput.Placed placed) {
    Task task = placed.task();
    String host = tasks.hostOf(task);
    if (!isAddress(host)) {
      warnings.add(
          task.appId(), "task names are not published: " + host + " is not an IPv4 address");
      return;
    }
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
    String agentId = agentIds.getOrDefault(task.goal().agent(), task.goal().agent());
    String suffix =
        "-"
            + TaskNames.hash(task.id())
            + "-"
            + NameLabel.label(agentId.substring(agentId.lastIndexOf('-') + 1));
    for (String name : new LinkedHashSet<>(List.of(label, raw))) {
      addMesosNames(placed, name, name + suffix, reached);
    }
  }

  private static boolean hasHostPort(AppSpec spec) {
    return spec.ports().stream().anyMatch(port -> port.hostPort() != null);
  }

  private void addMesosNames(
      RoutingInput.Placed placed, String name, String canonical, List<String> reached) {
    String host = tasks.hostOf(placed.task());
    String zone = "." + VipNames.FRAMEWORK + ".mesos";
    String slaveZone = "." + VipNames.FRAMEWORK + ".slave.mesos";
    if (!isValid(canonical + slaveZone)) {
      warnings.add(
          placed.spec().id(), canonical + zone + " is longer than DNS allows; it is not published");
      return;
    }
    // The slave zone has the agent's address; what SRV records point at must be where the port is.
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

  private boolean isAddress(String text) {
    return usable.computeIfAbsent(text, IpText::isAddress);
  }

  private void address(String name, String address) {
    if (isAddress(address) && isValid(name)) {
      addresses.computeIfAbsent(name, key -> new TreeSet<>()).add(address);
    }
  }

  /** After the target's addresses: a record never points at a name without one. */
  private void service(String name, String target, int port) {
    if (isValid(name) && addresses.containsKey(target)) {
      services
          .computeIfAbsent(name, key -> new LinkedHashSet<>())
          .add(new DnsRecords.Srv(target, port));
    }
  }

  /** Labels of 1 to 63 characters, 253 in all. */
  static boolean isValid(String name) {
    if (name.length() > 253) {
      return false;
    }
    int begin = 0;
    while (true) {
      int dot = name.indexOf('.', begin);
      int length = (dot < 0 ? name.length() : dot) - begin;
      if (length == 0 || length > 63) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      begin = dot + 1;
    }
  }
}
