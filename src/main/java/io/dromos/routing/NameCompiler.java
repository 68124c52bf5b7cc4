package io.dromos.routing;

import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
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
  private final NameMemory memory;
  private final Map<String, List<String>> addresses = new HashMap<>();
  private final Map<String, Set<String>> manyAddresses = new HashMap<>();
  private final Map<String, List<DnsRecords.Srv>> services = new HashMap<>();
  private final Map<String, Set<DnsRecords.Srv>> manyServices = new HashMap<>();

  NameCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings, NameMemory memory) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
    this.memory = memory;
    this.agentIds =
        input.nodes().stream()
            .collect(
                Collectors.toMap(
                    RoutingInput.Node::name, RoutingInput.Node::agentId, (first, next) -> first));
  }

  DnsRecords compile() {
    memory.begin();
    addNodes();
    for (RoutingInput.Placed placed : tasks.living()) {
      if (placed.task().state() == TaskState.RUNNING && placed.task().goal().wantsRunning()) {
        addTask(placed);
      }
    }
    memory.end();
    manyAddresses.forEach((name, values) -> addresses.put(name, List.copyOf(values)));
    manyServices.forEach((name, values) -> services.put(name, List.copyOf(values)));
    return new DnsRecords(addresses, services);
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
    TaskRecords records = memory.of(placed, tasks, agentIds);
    records.warnings().forEach(sentence -> warnings.add(task.appId(), sentence));
    for (TaskRecords.Address address : records.addresses()) {
      add(addresses, manyAddresses, TreeSet::new, address.name(), address.value());
    }
    for (TaskRecords.Service service : records.services()) {
      add(services, manyServices, LinkedHashSet::new, service.name(), service.value());
    }
  }

  /** Nearly every name has one value; only those that turn out to have more get a set. */
  private static <T> void add(
      Map<String, List<T>> single,
      Map<String, Set<T>> many,
      Supplier<Set<T>> set,
      String name,
      List<T> value) {
    List<T> first = single.putIfAbsent(name, value);
    if (first != null && !(first.equals(value) && !many.containsKey(name))) {
      Set<T> values = many.computeIfAbsent(name, key -> set.get());
      values.addAll(first);
      values.addAll(value);
    }
  }

  private void address(String name, String address) {
    if (IpText.isAddress(address) && isValid(name)) {
      add(addresses, manyAddresses, TreeSet::new, name, List.of(address));
    }
  }

  /** After the target's addresses: a record never points at a name without one. */
  private void service(String name, String target, int port) {
    if (isValid(name) && addresses.containsKey(target)) {
      List<DnsRecords.Srv> value = List.of(new DnsRecords.Srv(target, port));
      add(services, manyServices, LinkedHashSet::new, name, value);
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
