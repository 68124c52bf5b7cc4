package io.dromos.simulation;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.control.CommandResult;
import io.dromos.control.Rejection;
import io.dromos.deployment.Deadline;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.simulation.Gates.Part;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold after every commit, whatever goes wrong. */
final class Invariants implements Gates.Watcher {
  /** Drains wait for planes of nodes that were heard of within this time. */
  private static final long ALIVE_SECONDS = 10;

  private final Schedule schedule;
  private final Stores stores;
  private final List<SimulatedNode> nodes;
  private final CapacityRules capacity;
  private final Set<TaskId> ended = new HashSet<>();
  private World world;
  private Map<TaskId, Task> tasks = Map.of();
  private Map<AppId, AppSpec> apps = new TreeMap<>();
  private long lastEvent;
  private long checks;

  Invariants(Schedule schedule, Stores stores, List<SimulatedNode> nodes) {
    this.schedule = schedule;
    this.stores = stores;
    this.nodes = nodes;
    this.capacity = new CapacityRules();
    this.world = stores.world().load();
  }

  @Override
  public World world() {
    return world;
  }

  /** What users were promised. */
  Map<AppId, AppSpec> apps() {
    return apps;
  }

  /** Commits that were checked. */
  long checks() {
    return checks;
  }

  @Override
  public void committed(SimulatedNode node, Part part, World basis, List<Agent> agents) {
    checks++;
    World before = world;
    Map<TaskId, Task> tasksBefore = tasks;
    world = stores.world().load();
    tasks = byId(world);
    schedule.note(node.name(), part + " commits revision " + world.revision());
    if (world.revision() < before.revision()) {
      throw broken("the revision went back");
    }
    checkApps(part, before);
    checkEvents(checkTasks(tasksBefore));
    checkPorts();
    checkLocks();
    if (part == Part.AGENT) {
      checkDrains(node, tasksBefore, agents);
    } else if (part == Part.CONTROL && changed(before)) {
      if (!node.leads()) {
        throw broken(node.name() + " wrote although it does not lead");
      }
      capacity.check(basis, world, tasksBefore, schedule.instant());
    }
  }

  private boolean changed(World before) {
    return !before.tasks().equals(world.tasks())
        || !before.deployments().equals(world.deployments())
        || !before.delays().equals(world.delays())
        || !before.queue().equals(world.queue());
  }

  private static Map<TaskId, Task> byId(World world) {
    Map<TaskId, Task> byId = new TreeMap<>();
    world.tasks().forEach(task -> byId.put(task.id(), task));
    return byId;
  }

  private void checkApps(Part part, World before) {
    if (part == Part.USER || (part == Part.CONTROL && missedDeadline(before))) {
      apps = new TreeMap<>(world.apps());
    } else if (!apps.equals(world.apps())) {
      throw broken("apps changed although no user asked: " + apps + " became " + world.apps());
    }
  }

  /** A deployment that had its time was ended in this commit. */
  private boolean missedDeadline(World before) {
    Set<String> running = new HashSet<>();
    world.deployments().forEach(deployment -> running.add(deployment.id()));
    return before.deployments().stream()
        .filter(deployment -> !running.contains(deployment.id()))
        .flatMap(deployment -> Deadline.of(deployment, Instant.EPOCH).stream())
        .anyMatch(end -> !end.isAfter(schedule.instant()));
  }

  /** What a user was told is stored. */
  void acknowledged(CommandResult.Accepted accepted) {
    for (AppSpec spec : accepted.apps()) {
      AppSpec stored = stores.apps().find(spec.id()).orElse(null);
      if (!spec.equals(stored) && !isNewer(stored, spec)) {
        throw broken("acknowledged " + spec + " but stored is " + stored);
      }
    }
  }

  private static boolean isNewer(@org.jspecify.annotations.Nullable AppSpec stored, AppSpec spec) {
    return stored == null || stored.version().isAfter(spec.version());
  }

  /** An app is locked only while a live deployment touches it. */
  void refused(Rejection rejection, World before) {
    if (rejection instanceof Rejection.Locked locked) {
      Set<String> running = new HashSet<>();
      before.deployments().forEach(deployment -> running.add(deployment.id()));
      world.deployments().forEach(deployment -> running.add(deployment.id()));
      if (!running.containsAll(locked.deployments())) {
        throw broken("locked by " + locked.deployments() + ", running are " + running);
      }
    }
  }

  /** Observations only move on; answers the tasks that ended in this commit. */
  private Set<TaskId> checkTasks(Map<TaskId, Task> before) {
    Set<TaskId> endedNow = new HashSet<>();
    for (Task task : tasks.values()) {
      Task old = before.get(task.id());
      TaskState was = old == null ? TaskState.STAGING : old.state();
      if (old == null && ended.contains(task.id())) {
        throw broken(task.id() + " is back from the end");
      }
      if (old != null && task.seen().revision() < old.seen().revision()) {
        throw broken(task.id() + " was seen as of an earlier revision");
      }
      if (old != null && !old.goal().wantsRunning() && task.goal().wantsRunning()) {
        throw broken(task.id() + " is wanted again");
      }
      if (was != task.state() && !TaskTransitions.successors(was).contains(task.state())) {
        throw broken(task.id() + " went from " + was + " to " + task.state());
      }
      if (!task.isActive() && (old == null || old.isActive())) {
        endedNow.add(task.id());
        ended.add(task.id());
      }
    }
    for (Task old : before.values()) {
      if (!tasks.containsKey(old.id()) && old.isActive() && old.state() != TaskState.UNREACHABLE) {
        throw broken(old.id() + " is forgotten although it was last seen " + old.state());
      }
    }
    return endedNow;
  }

  /** Ids rise, and the end of a task is told in the transaction that stores it, once. */
  private void checkEvents(Set<TaskId> endedNow) {
    Set<TaskId> untold = new HashSet<>(endedNow);
    for (StoredEvent event : stores.events().after(lastEvent, Integer.MAX_VALUE)) {
      if (event.id() != lastEvent + 1) {
        throw broken("event " + event.id() + " follows " + lastEvent);
      }
      lastEvent = event.id();
      schedule.mix(event.type().hashCode() + event.json().hashCode());
      if (event.type().equals("TaskStatus")) {
        String[] words = event.json().split(" ");
        TaskId id = new TaskId(words[0]);
        if (TaskState.valueOf(words[1]).isTerminal() && !untold.remove(id)) {
          throw broken("the end of " + id + " was told although it did not just end");
        }
      }
    }
    if (!untold.isEmpty()) {
      throw broken("nobody was told of the end of " + untold);
    }
  }

  private void checkPorts() {
    Map<String, TaskId> taken = new HashMap<>();
    for (Task task : tasks.values()) {
      if (task.isActive()) {
        for (int port : task.goal().hostPorts()) {
          TaskId other = taken.put(task.goal().agent() + ":" + port, task.id());
          if (other != null) {
            throw broken("port " + port + " belongs to " + other + " and " + task.id());
          }
        }
      }
    }
  }

  private void checkLocks() {
    Map<AppId, String> holders = new HashMap<>();
    for (Deployment deployment : world.deployments()) {
      for (AppId app : deployment.affectedApps()) {
        String other = holders.put(app, deployment.id());
        if (other != null) {
          throw broken(app + " is held by " + other + " and " + deployment.id());
        }
      }
    }
  }

  /** Nothing goes from running to killing before every live node acknowledged, or had its time. */
  private void checkDrains(SimulatedNode node, Map<TaskId, Task> before, List<Agent> agents) {
    Instant now = schedule.instant();
    for (Task task : tasks.values()) {
      Task old = before.get(task.id());
      Instant killAt = task.goal().killAt();
      if (old == null
          || old.state() != TaskState.RUNNING
          || task.state() != TaskState.KILLING
          || task.goal().hostPorts().isEmpty()
          || killAt == null
          || !now.isBefore(killAt.plus(SimulatedNode.ACK_TIMEOUT))) {
        continue;
      }
      long revision = task.goal().revision();
      for (Agent agent : agents) {
        boolean own = agent.name().equals(node.name());
        long served = own ? node.servedRevision() : agent.servedRevision();
        if (served < revision
            && (own || !agent.planes().isEmpty())
            && agent.isAlive(now, ALIVE_SECONDS)) {
          throw broken(task.id() + " is stopped before " + agent.name() + " acknowledged");
        }
      }
    }
  }

  /** Nothing is started before it is written down that it will be. */
  void launching(Machine machine, TaskId id) {
    Task task = tasks.get(id);
    if (task == null || task.state() != TaskState.STARTING) {
      throw broken(
          id
              + " is launched before the intention was stored: "
              + (task == null ? "unknown" : task.state())
              + " on "
              + machine);
    }
  }

  /** SIGTERM: no plane that acknowledged the kill sends new connections there. */
  void stopping(Machine machine, TaskId id) {
    Task task = tasks.get(id);
    if (task == null || !task.isActive()) {
      return;
    }
    if (task.goal().wantsRunning()) {
      throw broken(machine + " stops " + id + " although it is wanted");
    }
    long revision = task.goal().revision();
    Set<String> acknowledged = new HashSet<>();
    for (Agent agent : stores.agents().all()) {
      if (agent.servedRevision() >= revision || waitedFor(task, agent)) {
        acknowledged.add(agent.name());
      }
    }
    for (SimulatedNode node : nodes) {
      if (node.isUp()
          && !node.planeFailed()
          && (acknowledged.contains(node.name()) || node.servedRevision() >= revision)
          && node.routed().contains(id)) {
        throw broken(
            machine + " stops " + id + " while " + node.name() + " still sends it connections");
      }
    }
  }

  /** A live node whose acknowledgement nobody may have given up on yet. */
  private boolean waitedFor(Task task, Agent agent) {
    Instant now = schedule.instant();
    Instant killAt = task.goal().killAt();
    return killAt != null
        && now.isBefore(killAt.plus(SimulatedNode.ACK_TIMEOUT))
        && !task.goal().hostPorts().isEmpty()
        && !agent.planes().isEmpty()
        && agent.isAlive(now, ALIVE_SECONDS);
  }

  BrokenInvariant broken(String message) {
    return new BrokenInvariant(message);
  }
}
