package io.dromos.simulation;

import io.dromos.agent.AgentLoop;
import io.dromos.agent.Heartbeat;
import io.dromos.agent.RoutingLoop;
import io.dromos.agent.Runtimes;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.control.CommandProcessor;
import io.dromos.control.ControlLoop;
import io.dromos.deployment.HealthLimits;
import io.dromos.deployment.ReconcilerConfig;
import io.dromos.placement.Agent.PortRange;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.platform.TimeUuid;
import io.dromos.routing.RoutingPublisher;
import io.dromos.routing.RoutingTable;
import io.dromos.runtime.Sandboxes;
import io.dromos.simulation.Gates.Part;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.TaskId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One node: a machine, and whatever process of Dromos runs on it now. Every process is put together
 * as {@code NodeGraph} does it.
 */
final class SimulatedNode {
  static final Duration ACK_TIMEOUT = Duration.ofSeconds(2);
  private static final Path DATA = Path.of("/simulated");
  private static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "dromos.node.cpus",
              "8",
              "dromos.node.mem",
              "4096",
              "dromos.node.disk",
              "4096",
              "dromos.node.ports",
              "31000-31029"));

  /** What all nodes of a simulation share. */
  record Surroundings(
      Schedule schedule,
      Faults faults,
      Gates gates,
      SimulatedLease.Row leaseRow,
      ChangeFeed feed,
      EventEncoding encoding) {}

  private final String name;
  private final Surroundings around;
  private final Schedule schedule;
  private final Faults faults;
  private final Machine machine;
  private int processes;
  private Life life;
  private long cutOffUntil;
  private Incarnation process;

  /** One process with its parts. */
  private final class Incarnation {
    private final RoutingTable table = new RoutingTable();
    private final SimulatedPlane plane = new SimulatedPlane(faults);
    private final SimulatedLease lease;
    private final RoutingPublisher publisher;
    private final Heartbeat heartbeat;
    private final AgentLoop agent;
    private final CommandProcessor commands;
    private final Loops.Loop controlLoop;
    private final Loops.Loop routingLoop;
    private final Loops.Timers timers;
    private boolean ticked;

    Incarnation() {
      NodeInfo info =
          new NodeInfo(
              name,
              "10.0.0." + name.substring(1),
              "10.0.0." + name.substring(1) + ":8080",
              List.of("master", "agent", "edge"),
              DATA,
              "simulated");
      Loops loops = new SimulatedLoops(schedule, life, SimulatedNode.this::pace);
      lease = new SimulatedLease(around.leaseRow, schedule, around.gates, SimulatedNode.this, life);
      publisher = new RoutingPublisher(table, List.of(plane), loops, schedule, this::served);
      Runtimes runtimes = new Runtimes(List.of(machine));
      heartbeat =
          new Heartbeat(
              info,
              SETTINGS,
              stores(Part.HEARTBEAT),
              around.feed,
              publisher,
              runtimes,
              schedule,
              loops);
      var agentStores = stores(Part.AGENT);
      agent =
          new AgentLoop(
              info,
              SETTINGS,
              agentStores,
              new EventLog(agentStores.events(), around.encoding),
              around.feed,
              publisher,
              runtimes,
              new NoSandboxes(),
              new AgentLoop.Means(
                  schedule, loops, machine, commands -> machine, machine::readiness));
      commands = commands(stores(Part.USER));
      var controlStores = stores(Part.CONTROL);
      ControlLoop control =
          new ControlLoop(
              controlStores,
              new EventLog(controlStores.events(), around.encoding),
              lease,
              around.feed,
              schedule,
              new TimeUuid(new SplittableRandom(name.hashCode() * 31L + processes)),
              commands(controlStores),
              config(),
              this::wakeControlAt);
      timers = loops.timers();
      controlLoop = loops.loop("control", () -> controlTurn(control), 1_000);
      RoutingLoop routing =
          new RoutingLoop(stores(Part.ROUTING), lease, publisher, SETTINGS, schedule);
      routingLoop = loops.loop("routing", routing::turn, 1_000);
    }

    private Stores stores(Part part) {
      return around.gates.stores(SimulatedNode.this, life, part);
    }

    private CommandProcessor commands(Stores of) {
      return new CommandProcessor(
          of,
          new EventLog(of.events(), around.encoding),
          around.feed,
          schedule,
          new PortRange(10000, 10099),
          around.encoding::nextDeployment,
          0);
    }

    private ReconcilerConfig config() {
      ReconcilerConfig usual = ReconcilerConfig.of(ACK_TIMEOUT, schedule.instant());
      return new ReconcilerConfig(
          Duration.ofSeconds(30),
          usual.agentSilence(),
          usual.agentTimeout(),
          usual.ackTimeout(),
          HealthLimits.DEFAULT,
          usual.watchingSince());
    }

    void start() {
      heartbeat.start();
      routingLoop.start();
      agent.start();
      controlLoop.start();
      tick();
    }

    private void tick() {
      ticked = true;
      controlLoop.signal();
      agent.signal();
      routingLoop.signal();
      if (around.gates.is(Mutation.NO_TIMERS)) {
        return;
      }
      timers.after(Duration.ofMillis(faults.isOver() ? 2_500 : 1_000), this::tick);
    }

    private void controlTurn(ControlLoop control) {
      boolean byTimer = ticked;
      ticked = false;
      control.turn();
      if (byTimer) {
        agent.signal();
      }
    }

    private void served() {
      heartbeat.signal();
      controlLoop.signal();
    }

    private void wakeControlAt(Instant due) {
      long millis = Math.max(1, Duration.between(schedule.instant(), due).toMillis());
      if (millis < 1_000) {
        timers.after(Duration.ofMillis(millis), controlLoop::signal);
      }
    }

    void wake(Set<Topic> topics) {
      if (!topics.equals(Set.of(Topic.EVENTS))) {
        controlLoop.signal();
        routingLoop.signal();
        agent.wake(topics);
      }
    }
  }

  SimulatedNode(String name, Surroundings around, Machine machine) {
    this.name = name;
    this.around = around;
    this.schedule = around.schedule();
    this.faults = around.faults();
    this.machine = machine;
    this.life = newLife();
    this.process = new Incarnation();
    process.start();
  }

  private Life newLife() {
    processes++;
    return new Life(name + "." + processes, this::died);
  }

  private void died() {
    machine.nodeDied();
    long pause = faults.isOver() ? 200 : schedule.chance(0.7) ? 3_000 : 40_000;
    schedule.after(
        new Life("operator", () -> {}), name, schedule.between(100, pause), this::restart);
  }

  private void restart() {
    if (!life.isOver()) {
      return;
    }
    life = newLife();
    schedule.note(name, "starts again");
    process = new Incarnation();
    process.start();
  }

  /** Milliseconds from a signal to the turn of a loop. */
  private long pace(String loop) {
    if (loop.startsWith("plane") && faults.strikes(Fault.PLANE_SLOW)) {
      return schedule.between(500, 5_000);
    }
    return schedule.between(1, 12);
  }

  String name() {
    return name;
  }

  Machine machine() {
    return machine;
  }

  boolean isUp() {
    return !life.isOver();
  }

  Life life() {
    return life;
  }

  CommandProcessor commands() {
    return process.commands;
  }

  /** Tells this node's loops that something was committed. */
  void hear(Set<Topic> topics) {
    if (isUp() && reachesDatabase()) {
      process.wake(topics);
    }
  }

  void crash() {
    life.end();
  }

  boolean reachesDatabase() {
    return schedule.now() >= cutOffUntil;
  }

  void cutOff(long until) {
    cutOffUntil = Math.max(cutOffUntil, until);
  }

  /** Ends what keeps it from working; a process that is down starts soon. */
  void heal() {
    cutOffUntil = 0;
    machine.heal();
    if (!isUp()) {
      restart();
    }
  }

  /** Epoch that its control loop believes to lead with, or -1. */
  boolean leads() {
    return process.lease.held() >= 0 && around.leaseRow.isHeldBy(life, process.lease.held());
  }

  long servedRevision() {
    return process.publisher.servedRevision();
  }

  /** Tasks that new connections may go to from this node; none while its process is down. */
  Set<TaskId> routed() {
    return isUp() ? process.plane.accepting() : Set.of();
  }

  /** Its plane told that it goes on with an older snapshot: nobody waits for it. */
  boolean planeFailed() {
    return process.plane.saysItFailed();
  }

  /** Files are none of the simulation's business. */
  private static final class NoSandboxes extends Sandboxes {
    NoSandboxes() {
      super(DATA.resolve("sandboxes"));
    }

    @Override
    public Path create(TaskId id) {
      return of(id);
    }

    @Override
    public void markEnded(TaskId id, Instant now) {}

    @Override
    public List<TaskId> untouchedSince(Instant before) {
      return List.of();
    }
  }
}
