package io.dromos;

import io.dromos.agent.AgentLoop;
import io.dromos.agent.Heartbeat;
import io.dromos.agent.RoutingLoop;
import io.dromos.agent.Runtimes;
import io.dromos.api.MarathonEventEncoder;
import io.dromos.app.DeadlineLabel;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Lease;
import io.dromos.cluster.PostgresChangeFeed;
import io.dromos.cluster.PostgresLease;
import io.dromos.cluster.Topic;
import io.dromos.control.CommandProcessor;
import io.dromos.control.Commands;
import io.dromos.control.ControlLoop;
import io.dromos.dataplane.http.ProxyClient;
import io.dromos.dataplane.http.ProxyPlane;
import io.dromos.dataplane.stats.StatsPlane;
import io.dromos.deployment.HealthLimits;
import io.dromos.deployment.ReconcilerConfig;
import io.dromos.health.HttpReadinessProbe;
import io.dromos.health.Probes;
import io.dromos.placement.Agent.PortRange;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.ThreadLoops;
import io.dromos.platform.TimeUuid;
import io.dromos.platform.TimedLoops;
import io.dromos.platform.TurnTimes;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneGroup;
import io.dromos.routing.PlaneLanes;
import io.dromos.routing.RoutingPublisher;
import io.dromos.routing.RoutingTable;
import io.dromos.runtime.HostPorts;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.runtime.artifact.ArtifactLimits;
import io.dromos.runtime.artifact.Artifacts;
import io.dromos.runtime.docker.DockerRuntime;
import io.dromos.runtime.process.ProcessRuntime;
import io.dromos.runtime.simulated.SimulatedRuntime;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.store.jpa.JpaStores;
import io.dromos.store.jpa.JtaTransactions;
import io.dromos.traffic.TrafficLink;
import io.dromos.traffic.TrafficPlace;
import io.dromos.traffic.TrafficPlanes;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Every part of this node, put together once; who may start and stop what, and in which order. */
final class NodeGraph {
  private static final Logger LOG = System.getLogger(NodeGraph.class.getName());
  private static final long RETRY_MILLIS = 1_000;

  /**
   * What the container lends.
   *
   * @param announcer fires the CDI event that comes back after the commit
   */
  record Platform(
      EntityManager entities,
      UserTransaction transaction,
      DataSource database,
      ManagedThreadFactory threads,
      Consumer<Set<Topic>> announcer) {}

  private final Settings settings;
  private final NodeInfo info;
  private final Clock clock = Clock.systemUTC();
  private final Stores stores;
  private final PostgresChangeFeed notifications;
  private final Signals signals;
  private final Lease lease;
  private final Commands commands;
  private final TurnTimes turnTimes = new TurnTimes();
  private final RoutingTable table = new RoutingTable();
  private final ProxyClient proxyClient;
  private final RoutingPublisher publisher;
  private final Sandboxes sandboxes;
  private final List<TaskRuntime> runtimes;
  private final Heartbeat heartbeat;
  private final AgentLoop agentLoop;
  private final Simulation simulation;
  private final ScheduledExecutorService alarm;
  private final Loops.Loop controlLoop;
  private final Loops.Loop routingLoop;
  private final AtomicBoolean ticked = new AtomicBoolean();
  private boolean resting;

  NodeGraph(Settings settings, NodeInfo info, Platform platform) {
    this.settings = settings;
    this.info = info;
    Loops loops = new TimedLoops(new ThreadLoops(platform.threads()), turnTimes);
    this.stores =
        JpaStores.create(platform.entities(), new JtaTransactions(platform.transaction()));
    this.notifications =
        new PostgresChangeFeed(
            platform.database(),
            settings.text(Setting.DB_URL),
            settings.text(Setting.DB_USER),
            settings.text(Setting.DB_PASSWORD),
            platform.threads());
    this.signals = new Signals(notifications, platform.announcer(), settings.flag(Setting.SIGNALS));
    this.lease =
        new PostgresLease(platform.database(), stores.transactions(), info.name(), info.api());
    EventLog events =
        new EventLog(stores.events(), new MarathonEventEncoder(stores.agents()::agentId));
    CommandProcessor processor =
        new CommandProcessor(
            stores,
            events,
            signals,
            clock,
            servicePorts(settings),
            () -> UUID.randomUUID().toString(),
            settings.integer(Setting.DEPLOYMENT_DEADLINE, 0, DeadlineLabel.MAXIMUM));
    this.commands = processor;
    this.proxyClient = ProxyClient.open();
    this.publisher =
        new RoutingPublisher(table, clock, onState -> planes(loops, onState), this::served);
    this.sandboxes = new Sandboxes(info.dataDir().resolve("sandboxes"));
    Optional<SimulatedRuntime> pretended = Simulation.ofThisNode(settings, info, loops, clock);
    this.runtimes = pretended.<List<TaskRuntime>>map(List::of).orElseGet(() -> real(platform));
    Runtimes kinds = new Runtimes(runtimes);
    this.heartbeat = new Heartbeat(info, settings, stores, signals, publisher, kinds, clock, loops);
    this.agentLoop =
        new AgentLoop(
            info,
            settings,
            stores,
            events,
            signals,
            publisher,
            kinds,
            sandboxes,
            pretended
                .map(runtime -> Simulation.means(runtime, loops, clock))
                .orElseGet(
                    () ->
                        new AgentLoop.Means(
                            clock,
                            loops,
                            HostPorts::isTaken,
                            commands -> new Probes(commands, platform.threads()),
                            new HttpReadinessProbe(platform.threads()))));
    this.simulation =
        new Simulation(settings, info, stores, events, signals, publisher, loops, clock);
    this.alarm = Executors.newSingleThreadScheduledExecutor(platform.threads());
    ControlLoop control =
        new ControlLoop(
            stores,
            events,
            lease,
            signals,
            clock,
            new TimeUuid(new SecureRandom()),
            processor,
            ReconcilerConfig.of(
                    Duration.ofSeconds(settings.integer(Setting.DRAIN_ACK_TIMEOUT, 0, 3600)),
                    clock.instant())
                .health(HealthLimits.from(settings)),
            this::wakeControlAt);
    this.controlLoop = loops.loop("control", () -> turn(control), RETRY_MILLIS);
    RoutingLoop routing = new RoutingLoop(stores, lease, publisher, settings, clock);
    this.routingLoop = loops.loop("routing", routing::turn, RETRY_MILLIS);
    signals.subscribe(this::wake);
  }

  private List<TaskRuntime> real(Platform platform) {
    LogLimits limits = LogLimits.from(settings);
    Artifacts artifacts =
        new Artifacts(info.dataDir().resolve("artifacts"), ArtifactLimits.from(settings), clock);
    NameServers servers =
        new TaskNameServers(settings, publisher::planeReports, Path.of("/etc/resolv.conf"));
    return List.of(
        new ProcessRuntime(sandboxes, artifacts, limits, servers, platform.threads(), clock),
        new DockerRuntime(
            settings.text(Setting.DOCKER_HOST),
            info,
            sandboxes,
            artifacts,
            limits,
            servers,
            platform.threads(),
            clock));
  }

  /** The servlet proxy is served here, the other planes where the settings and the launcher say. */
  private List<PlaneGroup> planes(Loops loops, Runnable onState) {
    List<DataPlane> here = new ArrayList<>();
    List<PlaneGroup> groups = new ArrayList<>();
    TrafficPlace.of(settings)
        .ifPresentOrElse(
            elsewhere ->
                groups.add(new TrafficLink(elsewhere, loops, clock, onState, this::lookAgain)),
            () -> here.addAll(TrafficPlanes.of(settings, new OwnRefresh())));
    here.add(new ProxyPlane(proxyClient));
    groups.add(new PlaneLanes(table, here, loops, clock, onState));
    return groups;
  }

  private void lookAgain() {
    routingLoop.signal();
  }

  /** The signals of the statistics, where the planes are in this process. */
  private final class OwnRefresh implements StatsPlane.Refresh {
    @Override
    public boolean fetch() {
      lookAgain();
      return true;
    }

    @Override
    public boolean reapply() {
      publisher.reapply();
      return true;
    }
  }

  private static PortRange servicePorts(Settings settings) {
    try {
      return PortRange.parse(settings.text(Setting.SERVICE_PORTS));
    } catch (IllegalArgumentException e) {
      throw new Settings.InvalidSettingException(
          Setting.SERVICE_PORTS.key() + ": " + e.getMessage());
    }
  }

  /**
   * Nothing may call in before every part exists: the loops start last, the leader's first turn
   * after all.
   */
  void start() {
    if (settings.flag(Setting.SIGNALS)) {
      notifications.start();
    }
    heartbeat.start();
    simulation.start();
    routingLoop.start();
    if (info.is("agent")) {
      agentLoop.start();
    }
    if (info.is("master")) {
      controlLoop.start();
    }
    tick();
  }

  /** Nothing acts any more, and another node may lead; traffic goes on. Once is enough. */
  void rest() {
    if (!stopLoops()) {
      return;
    }
    try {
      lease.release();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the lease could not be given up, it runs out: {0}", e.toString());
    }
  }

  /** False when they had been stopped before. */
  private synchronized boolean stopLoops() {
    if (resting) {
      return false;
    }
    resting = true;
    alarm.shutdownNow();
    notifications.close();
    controlLoop.close();
    agentLoop.close();
    simulation.rest();
    heartbeat.close();
    routingLoop.close();
    return true;
  }

  /** Loops first, planes last; the database is gone by now. Tasks go on. */
  void stop() {
    var unused = stopLoops();
    runtimes.forEach(TaskRuntime::close);
    simulation.close();
    publisher.close();
    proxyClient.close();
  }

  /**
   * Level-triggered: a lost signal costs a second, never a task. The agent gets a second turn after
   * the leader's, so that one tick alone takes a new app from the store to a running task.
   */
  void tick() {
    ticked.set(true);
    controlLoop.signal();
    agentLoop.signal();
    simulation.signal();
    routingLoop.signal();
  }

  private void turn(ControlLoop control) {
    boolean byTimer = ticked.getAndSet(false);
    control.turn();
    if (byTimer) {
      agentLoop.signal();
      simulation.signal();
    }
  }

  void committed(Set<Topic> topics) {
    signals.committed(topics);
  }

  private void wake(Set<Topic> topics) {
    if (!topics.equals(Set.of(Topic.EVENTS))) {
      controlLoop.signal();
      routingLoop.signal();
      agentLoop.wake(topics);
      simulation.wake(topics);
    }
  }

  private void served() {
    heartbeat.signal();
    controlLoop.signal();
  }

  /** Launch delays end between two ticks: the loop says when it has something to do. */
  private void wakeControlAt(Instant due) {
    long millis = Math.max(1, Duration.between(clock.instant(), due).toMillis());
    if (millis < 1_000 && !alarm.isShutdown()) {
      var unused = alarm.schedule(controlLoop::signal, millis, TimeUnit.MILLISECONDS);
    }
  }

  Settings settings() {
    return settings;
  }

  NodeInfo info() {
    return info;
  }

  Clock clock() {
    return clock;
  }

  TurnTimes turnTimes() {
    return turnTimes;
  }

  Stores stores() {
    return stores;
  }

  ChangeFeed feed() {
    return signals;
  }

  Lease lease() {
    return lease;
  }

  Commands commands() {
    return commands;
  }

  RoutingTable resolver() {
    return table;
  }

  RoutingPublisher publisher() {
    return publisher;
  }

  ProxyClient proxyClient() {
    return proxyClient;
  }

  Sandboxes sandboxes() {
    return sandboxes;
  }
}
