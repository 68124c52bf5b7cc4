package io.dromos.dcos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.Json;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The world as a Mesos master shows it, with the keys that DC/OS clients read (dcos-cli-api
 * reference, 9.2): nodes are agents, and there is one framework, {@code marathon}. Pure.
 */
final class MesosState {
  private final World world;
  private final String clusterId;
  private final String master;
  private final String version;
  private final String user;
  private final Instant now;

  /**
   * @param master address of the node that leads, or of this one while nobody does
   * @param user whom tasks run as unless they say otherwise
   */
  MesosState(
      World world, String clusterId, String master, String version, String user, Instant now) {
    this.world = world;
    this.clusterId = clusterId;
    this.master = master;
    this.version = version;
    this.user = user;
    this.now = now;
  }

  ObjectNode state() {
    ObjectNode state = head();
    ArrayNode slaves = state.putArray("slaves");
    agents().forEach(agent -> slaves.add(slave(agent)));
    ObjectNode framework = framework();
    ArrayNode active = framework.putArray("tasks");
    ArrayNode completed = framework.putArray("completed_tasks");
    ArrayNode unreachable = framework.putArray("unreachable_tasks");
    for (Task task : world.tasks()) {
      if (task.state() == TaskState.UNREACHABLE) {
        unreachable.add(task(task));
      } else {
        (task.isActive() ? active : completed).add(task(task));
      }
    }
    framework.putArray("executors");
    framework.putArray("offers");
    state.putArray("frameworks").add(framework);
    state.putArray("completed_frameworks");
    state.putArray("orphan_tasks");
    state.putArray("unregistered_frameworks");
    return state;
  }

  ObjectNode summary() {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("hostname", master).put("cluster", "dromos");
    ArrayNode slaves = summary.putArray("slaves");
    for (Agent agent : agents()) {
      List<Task> here = world.tasksOn(agent.name());
      ObjectNode slave = slave(agent);
      count(slave, here);
      slave.putArray("framework_ids").add(frameworkId());
      slaves.add(slave);
    }
    ObjectNode framework = framework();
    count(framework, world.tasks());
    ArrayNode ids = framework.putArray("slave_ids");
    agents().forEach(agent -> ids.add(agent.id()));
    summary.putArray("frameworks").add(framework);
    return summary;
  }

  ObjectNode slaves() {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode slaves = body.putArray("slaves");
    agents().forEach(agent -> slaves.add(slave(agent)));
    return body;
  }

  private ObjectNode head() {
    long alive = agents().stream().filter(this::alive).count();
    ObjectNode state = Json.MAPPER.createObjectNode();
    state.put("version", version).put("id", clusterId).put("pid", "master@" + master + ":5050");
    state
        .put("hostname", master)
        .put("cluster", "dromos")
        .put("leader", "master@" + master + ":5050");
    state.put("activated_slaves", (double) alive);
    return state.put("deactivated_slaves", (double) (agents().size() - alive));
  }

  private List<Agent> agents() {
    return world.agents().stream().filter(Agent::isAgent).toList();
  }

  private boolean alive(Agent agent) {
    return agent.isAlive(now, WhyExplainer.SILENCE_SECONDS);
  }

  private ObjectNode slave(Agent agent) {
    ObjectNode slave = Json.MAPPER.createObjectNode();
    slave.put("id", agent.id()).put("hostname", agent.address()).put("port", 5051);
    slave.put("pid", "slave(1)@" + agent.address() + ":5051");
    slave.put("active", alive(agent)).put("deactivated", false).put("version", version);
    slave.put("registered_time", seconds(agent.startedAt()));
    ObjectNode attributes = slave.putObject("attributes");
    new TreeMap<>(agent.attributes()).forEach(attributes::put);
    if (agent.roles().contains("edge")) {
      attributes.put("public_ip", "true");
    }
    slave.putArray("capabilities").add("MULTI_ROLE");
    String ports =
        "[" + String.join(", ", agent.ports().stream().map(Object::toString).toList()) + "]";
    slave.set("resources", resources(agent.total(), ports));
    slave.set("unreserved_resources", resources(agent.total(), ports));
    List<Integer> taken =
        world.tasksOn(agent.name()).stream()
            .filter(Task::isActive)
            .flatMap(t -> t.goal().hostPorts().stream())
            .sorted()
            .toList();
    slave.set("used_resources", resources(OverviewJson.used(agent, world), ranges(taken)));
    slave.set("offered_resources", resources(Resources.NONE, "[]"));
    slave.putObject("reserved_resources");
    return slave;
  }

  private String frameworkId() {
    return clusterId + "-0000";
  }

  private ObjectNode framework() {
    Resources used =
        world.tasks().stream()
            .filter(Task::isActive)
            .map(t -> t.goal().resources())
            .reduce(Resources.NONE, Resources::plus);
    ObjectNode framework = Json.MAPPER.createObjectNode();
    framework.put("id", frameworkId()).put("name", "marathon").put("hostname", master);
    framework.put("pid", "scheduler@" + master).put("user", user).put("role", "*");
    framework.put("active", true).put("connected", true).put("checkpoint", true);
    framework.put("failover_timeout", 604800.0).put("registered_time", 0.0);
    framework.put("unregistered_time", 0.0).putArray("capabilities");
    framework.set("resources", resources(used, "[]"));
    framework.set("used_resources", resources(used, "[]"));
    framework.set("offered_resources", resources(Resources.NONE, "[]"));
    return framework;
  }

  private ObjectNode task(Task task) {
    AppSpec app = world.specOf(task).orElse(world.apps().get(task.appId()));
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("id", task.id().value()).put("name", task.appId().hostname());
    json.put("framework_id", frameworkId()).put("executor_id", "");
    json.put("slave_id", agentId(task.goal().agent())).put("state", task.state().mesosName());
    json.put("role", app == null ? "*" : app.role());
    json.set("resources", resources(task.goal().resources(), ranges(task.goal().hostPorts())));
    ObjectNode status = json.putArray("statuses").addObject();
    status.put("state", task.state().mesosName());
    status.put("timestamp", seconds(task.seen().since()));
    if (app != null && !app.healthChecks().isEmpty() && !task.seen().health().isEmpty()) {
      status.put("healthy", task.isHealthy(app.healthChecks().size()));
    }
    ObjectNode container = status.putObject("container_status");
    container.putObject("container_id").put("value", task.id().value());
    container
        .putArray("network_infos")
        .addObject()
        .putArray("ip_addresses")
        .addObject()
        .put("ip_address", task.goal().host())
        .put("protocol", "IPv4");
    if (app != null) {
      describe(json, app);
    }
    return json;
  }

  private static void describe(ObjectNode json, AppSpec app) {
    if (app.user() != null) {
      json.put("user", app.user());
    }
    if (!app.labels().isEmpty()) {
      ArrayNode labels = json.putArray("labels");
      for (Map.Entry<String, String> label : new TreeMap<>(app.labels()).entrySet()) {
        labels.addObject().put("key", label.getKey()).put("value", label.getValue());
      }
    }
    if (app.container() != null && app.container().image() != null) {
      ObjectNode container = json.putObject("container").put("type", app.container().type().name());
      container
          .putObject("docker")
          .put("image", app.container().image())
          .put("network", app.network().mode().name())
          .put("privileged", app.container().privileged());
    }
  }

  private String agentId(String name) {
    return world.agent(name).map(Agent::id).orElse(name);
  }

  private static void count(ObjectNode json, List<Task> tasks) {
    for (TaskState state :
        List.of(
            TaskState.STAGING,
            TaskState.STARTING,
            TaskState.RUNNING,
            TaskState.KILLING,
            TaskState.FINISHED,
            TaskState.KILLED,
            TaskState.FAILED,
            TaskState.ERROR,
            TaskState.UNREACHABLE)) {
      json.put(state.mesosName(), tasks.stream().filter(t -> t.state() == state).count());
    }
    json.put("TASK_LOST", 0);
  }

  /** Scalars are numbers and port ranges one string: a list would fail a whole command. */
  private static ObjectNode resources(Resources amount, String ports) {
    return Json.MAPPER
        .createObjectNode()
        .put("cpus", amount.cpus())
        .put("gpus", amount.gpus())
        .put("mem", amount.memMiB())
        .put("disk", amount.diskMiB())
        .put("ports", ports);
  }

  static String ranges(List<Integer> ports) {
    return "[" + String.join(", ", ports.stream().map(p -> p + "-" + p).toList()) + "]";
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / 1000.0;
  }
}
