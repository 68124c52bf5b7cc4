package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.cluster.Lease;
import io.dromos.cluster.MemoryChangeFeed;
import io.dromos.cluster.MemoryLease;
import io.dromos.cluster.Topic;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.ReconcilerConfig;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.placement.Agent.PortRange;
import io.dromos.platform.TimeUuid;
import io.dromos.store.EventLog;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.HealthResult;
import io.dromos.task.ReadinessResult;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * A whole cluster in memory: real commands and control loop, scripted agents, a clock to advance.
 */
final class Cluster {
  static final CommandContext ASKED = new CommandContext("10.0.0.9", "/v2/apps", false, true);
  static final CommandContext FORCED = new CommandContext("10.0.0.9", "/v2/apps", true, true);

  final AdvancingClock clock = new AdvancingClock();
  final MemoryStores memory = new MemoryStores(clock);
  final Stores stores = memory.stores();
  final MemoryChangeFeed feed = new MemoryChangeFeed(memory);
  final Set<Topic> heard = new TreeSet<>();
  final AtomicReference<Lease.Holder> leaseRow = MemoryLease.freeRow();
  final List<Instant> alarms = new ArrayList<>();

  /** Runs once, between the load and the commit of a leader's turn. */
  Runnable meanwhile = () -> {};

  final CommandProcessor commands;
  final ControlLoop loop;
  private final EventLog events =
      new EventLog(
          stores.events(),
          event ->
              List.of(
                  new StoredEvent(
                      0, event.getClass().getSimpleName(), event.at(), null, event.toString())));
  private final AtomicInteger deployments = new AtomicInteger();
  private final List<String> agents = new ArrayList<>();

  Cluster(String... agentNames) {
    this(new PortRange(10000, 20000), agentNames);
  }

  Cluster(PortRange servicePorts, String... agentNames) {
    this(servicePorts, 0, agentNames);
  }

  /** A server that gives every deployment so many seconds. */
  Cluster(PortRange servicePorts, int deadline, String... agentNames) {
    agents.addAll(List.of(agentNames));
    feed.subscribe(heard::addAll);
    commands =
        new CommandProcessor(
            stores,
            events,
            feed,
            clock,
            servicePorts,
            () -> "d" + deployments.incrementAndGet(),
            deadline);
    loop = loop("n1");
    heartbeat();
  }

  /** The loop of a node; all compete for one lease. */
  ControlLoop loop(String node) {
    Stores interrupted =
        new Stores(
            stores.apps(),
            stores.tasks(),
            stores.deployments(),
            stores.events(),
            stores.revisions(),
            stores.agents(),
            stores.vips(),
            () -> {
              World world = stores.world().load();
              Runnable once = meanwhile;
              meanwhile = () -> {};
              once.run();
              return world;
            },
            stores.transactions());
    return new ControlLoop(
        interrupted,
        events,
        new MemoryLease(leaseRow, clock, node, node + ":8080"),
        feed,
        clock,
        new TimeUuid(new SecureRandom()),
        commands,
        ReconcilerConfig.of(Duration.ofSeconds(2), Instant.EPOCH),
        alarms::add);
  }

  // Users.

  CommandResult put(AppSpec spec, CommandContext context) {
    return commands.change(tree -> Change.Proceed.upsert(spec), context);
  }

  CommandResult.Accepted put(AppSpec spec) {
    return (CommandResult.Accepted) put(spec, ASKED);
  }

  CommandResult.Accepted delete(String id) {
    return (CommandResult.Accepted)
        commands.change(
            tree -> new Change.Proceed(List.of(), Set.of(AppId.of(id)), Set.of()), FORCED);
  }

  AppSpec app(String id) {
    return stores.apps().find(AppId.of(id)).orElseThrow();
  }

  // Time.

  /** All agents report, time passes, the leader takes a turn. */
  void turn(Duration after) {
    clock.advance(after);
    heartbeat();
    loop.turn();
  }

  void turn() {
    turn(Duration.ofMillis(100));
  }

  /** A turn a second. */
  void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      turn(Duration.ofSeconds(1));
    }
  }

  /** Agents do what they are told and the leader decides, until nothing moves any more. */
  void settle() {
    for (int i = 0; i < 60; i++) {
      turn();
      startAll();
      stopAll();
      ackAll();
    }
    turn();
  }

  // Agents.

  void silence(String agent) {
    agents.remove(agent);
  }

  void revive(String agent) {
    agents.add(agent);
    heartbeat();
  }

  void heartbeat() {
    for (String name : agents) {
      long served =
          stores.agents().all().stream()
              .filter(a -> a.name().equals(name))
              .mapToLong(Agent::servedRevision)
              .findFirst()
              .orElse(0);
      stores
          .agents()
          .heartbeat(
              new Agent(
                  name,
                  stores.agents().agentId(name),
                  "10.0.0." + name.substring(1),
                  "10.0.0." + name.substring(1) + ":8080",
                  List.of("master", "agent", "edge"),
                  new Resources(100, 100_000, 100_000, 0),
                  List.of(new PortRange(31000, 31999)),
                  Map.of(),
                  List.of("process"),
                  Map.of(),
                  served,
                  Map.of("edge", "serves"),
                  Instant.EPOCH,
                  clock.instant()));
    }
  }

  /** Every task that was placed comes up. */
  void startAll() {
    observeAll(
        t -> t.goal().wantsRunning() && t.state() == TaskState.STAGING,
        t -> new TaskEvent.Started(clock.instant(), "pid"));
  }

  /** Every task that is to stop ends. */
  void stopAll() {
    observeAll(
        t -> !t.goal().wantsRunning() && t.isActive(),
        t -> new TaskEvent.Exited(clock.instant(), 143, true, "Command terminated"));
  }

  /** Every plane serves what is stored. */
  void ackAll() {
    agents.forEach(name -> stores.agents().served(name, stores.revisions().current()));
  }

  void healthy(String app) {
    observeAll(
        t -> t.appId().equals(AppId.of(app)) && t.isRunning(),
        t ->
            new TaskEvent.Probed(
                clock.instant(), List.of(HealthResult.UNKNOWN.succeeded(clock.instant()))));
  }

  void ready(String app, boolean ready) {
    observeAll(
        t -> t.appId().equals(AppId.of(app)) && t.isRunning(),
        t ->
            new TaskEvent.ReadinessProbed(
                clock.instant(),
                List.of(
                    new ReadinessResult(
                        "warm",
                        ready,
                        new ReadinessResult.LastResponse(
                            ready ? 200 : 503, "text/plain", "said so")))));
  }

  void crash(TaskId id) {
    observeAll(
        t -> t.id().equals(id),
        t -> new TaskEvent.Exited(clock.instant(), 1, false, "Command exited with status 1"));
  }

  private void observeAll(
      Predicate<Task> which, java.util.function.Function<Task, TaskEvent> event) {
    stores
        .tasks()
        .observe(
            stores.tasks().all().stream()
                .filter(which)
                .filter(t -> agents.contains(t.goal().agent()))
                .map(t -> TaskTransitions.next(t.seen(), event.apply(t)))
                .toList());
  }

  // What is there.

  List<Task> tasks(String app) {
    return stores.tasks().all().stream()
        .filter(t -> t.appId().equals(AppId.of(app)))
        .sorted(Comparator.comparing(Task::id))
        .toList();
  }

  long running(String app) {
    return tasks(app).stream().filter(t -> t.isRunning() && t.goal().wantsRunning()).count();
  }

  Deployment deployment(String id) {
    return stores.deployments().find(id).orElseThrow();
  }

  /** What the leader would say of a deployment right now. */
  DeploymentProgress progress(Deployment deployment) {
    return DeploymentProgress.of(
        deployment,
        stores.world().load(),
        clock.instant(),
        ReconcilerConfig.of(Duration.ofSeconds(2), Instant.EPOCH));
  }

  List<String> eventTypes() {
    return stores.events().after(0, 10_000).stream().map(StoredEvent::type).toList();
  }
}
