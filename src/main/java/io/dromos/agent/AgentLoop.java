package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.health.CommandProbe;
import io.dromos.health.Probe;
import io.dromos.health.ReadinessProbe;
import io.dromos.placement.Agent;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.runtime.PortCheck;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskEffect;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskTransitions;
import io.dromos.task.Transition;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every node's loop: what is placed here, what runs here, act, report.
 *
 * <p>What holds in every turn:
 *
 * <ol>
 *   <li>Runtimes are listed before the store is asked who is wanted, so that a stale wish cannot
 *       kill a newborn.
 *   <li>A dead task leaves the routes before its death is written down.
 *   <li>The intention to start is committed before anything is started, and the intention to stop
 *       before anything is stopped; a crash in between is just another world for the next turn.
 *   <li>Everything seen in a turn is one transaction.
 *   <li>Nothing is stopped while a live plane still sends it new connections.
 * </ol>
 */
public final class AgentLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(AgentLoop.class.getName());
  private static final Duration DEFAULT_KILL_GRACE = Duration.ofSeconds(3);
  private static final Duration STRANGER_GRACE = Duration.ofSeconds(5);
  private static final Duration REAPING = Duration.ofSeconds(30);

  /**
   * What the loop needs of the machine and of time; a simulation has its own.
   *
   * @param probes makes what asks tasks for their health, given how commands are run
   * @param readiness asks tasks whether they are ready
   */
  public record Means(
      Clock clock,
      Loops loops,
      PortCheck ports,
      Function<CommandProbe, Probe> probes,
      ReadinessProbe readiness) {}

  /** Launches of one turn that are logged one by one. */
  private static final int LOGGED = 20;

  /** One task in a turn. */
  private record Work(
      Task task, @Nullable AppSpec app, @Nullable TaskRuntime runtime, Duty.Act act) {}

  private final PlacedTasks placed;
  private final Stores stores;
  private final Planes planes;
  private final Runtimes runtimes;
  private final Sandboxes sandboxes;
  private final Clock clock;
  private final PortCheck ports;
  private final ObservationLog log;
  private final Definitions definitions;
  private final Drains drains;
  private final Strangers strangers = new Strangers(STRANGER_GRACE);
  private final TaskProbes probes;
  private final ReadinessQuestions questions;
  private final RouteWithdrawal withdrawal;
  private final SandboxReaper reaper;
  private final Loops.Timers timers;
  private final Loops.Loop loop;
  private volatile @Nullable Set<TaskId> active;
  private volatile boolean draining;

  /** What this turn launched. */
  private final Set<TaskId> launched = new HashSet<>();

  /** The loop of the node itself: it looks after what is placed on it. */
  public AgentLoop(
      NodeInfo node,
      Settings settings,
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Planes planes,
      Runtimes runtimes,
      Sandboxes sandboxes,
      Means means) {
    this(
        node,
        () -> stores.tasks().ofAgent(node.name()),
        settings,
        stores,
        events,
        feed,
        planes,
        runtimes,
        sandboxes,
        means);
  }

  /**
   * @param node the machine this runs on; its planes are asked directly
   * @param placed which tasks the loop looks after
   */
  AgentLoop(
      NodeInfo node,
      PlacedTasks placed,
      Settings settings,
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Planes planes,
      Runtimes runtimes,
      Sandboxes sandboxes,
      Means means) {
    this.placed = placed;
    this.stores = stores;
    this.planes = planes;
    this.runtimes = runtimes;
    this.sandboxes = sandboxes;
    this.clock = means.clock();
    this.ports = means.ports();
    this.log = new ObservationLog(stores, events, feed, means.clock());
    this.definitions = new Definitions(stores.apps());
    this.drains =
        new Drains(
            node.name(),
            planes,
            Duration.ofSeconds(settings.integer(Setting.DRAIN_ACK_TIMEOUT, 0, 3600)));
    this.probes = new TaskProbes(sandboxes, means.probes(), means.loops(), clock, this::signal);
    this.questions =
        new ReadinessQuestions(
            stores.deployments(), means.readiness(), means.loops(), clock, this::signal);
    this.withdrawal = new RouteWithdrawal(runtimes, planes, means.loops());
    this.timers = means.loops().timers();
    this.reaper =
        new SandboxReaper(
            sandboxes,
            Duration.ofSeconds(settings.integer(Setting.SANDBOX_KEEP, 0, Integer.MAX_VALUE)),
            clock);
    this.loop = means.loops().loop("agent", this::turn, 1_000);
  }

  public AgentLoop start() {
    for (TaskRuntime runtime : runtimes.all()) {
      runtime.onChange(
          id -> {
            withdrawal.signal();
            loop.signal();
          });
    }
    withdrawal.start();
    loop.start();
    timers.every(REAPING, REAPING, this::reap);
    loop.signal();
    return this;
  }

  /** Asks for a turn, soon. */
  public void signal() {
    loop.signal();
  }

  /** As {@link #signal()}, if these topics of the change feed can concern this loop. */
  public void wake(Set<Topic> topics) {
    if (topics.contains(Topic.GOALS) || (draining && topics.contains(Topic.AGENTS))) {
      loop.signal();
    }
  }

  /** Stops looking after the tasks; they go on. */
  @Override
  public void close() {
    loop.close();
    withdrawal.close();
    probes.close();
    questions.close();
    timers.close();
  }

  /** One pass; runs on one thread at a time. */
  void turn() {
    Runtimes.Listing listing = runtimes.inspect();
    planes.withdraw(listing.ended());
    List<Agent> agents = new ArrayList<>();
    List<Task> tasks = stores.transactions().inTransaction(() -> read(agents));
    Instant now = clock.instant();

    List<ObservationLog.Seen> seen = new ArrayList<>();
    List<Work> work = new ArrayList<>();
    for (Task task : tasks) {
      decide(task, listing, agents, now, seen, work);
    }
    Set<TaskId> applied = log.commit(seen, drains.timeouts(tasks, now));
    drains.settle(tasks);

    Set<TaskId> refused =
        seen.stream()
            .filter(s -> s.transition().changesAnything())
            .map(s -> s.task().id())
            .filter(id -> !applied.contains(id))
            .collect(Collectors.toSet());
    active =
        tasks.stream().filter(Task::isActive).map(Task::id).collect(Collectors.toUnmodifiableSet());
    for (Work item : work) {
      // What the store refused was decided on an old reading; the next turn decides anew.
      if (!refused.contains(item.task().id())) {
        actAlone(item, now);
      }
    }
    if (launched.size() > LOGGED) {
      LOG.log(Level.INFO, "{0} tasks launched in this turn", launched.size());
    }
    launched.clear();
    probes.keep(tasks, definitions, listing);
    questions.keep(tasks, definitions);
    stopStrangers(tasks, listing, now);
    wakeAgain(now, !refused.isEmpty());
  }

  private List<Task> read(List<Agent> agents) {
    List<Task> tasks = placed.read();
    definitions.refresh(tasks);
    questions.refresh(tasks, definitions);
    if (tasks.stream().anyMatch(Drains::concerns)) {
      stores.world().load().agents().stream().filter(Drains::isServing).forEach(agents::add);
    }
    return tasks;
  }

  private void decide(
      Task task,
      Runtimes.Listing listing,
      List<Agent> agents,
      Instant now,
      List<ObservationLog.Seen> seen,
      List<Work> work) {
    AppSpec app = definitions.of(task).orElse(null);
    Runtimes.Listed listed = listing.tasks().get(task.id());
    TaskRuntime runtime =
        listed != null
            ? listed.runtime()
            : app == null ? null : runtimes.accepting(app).orElse(null);
    Duty duty =
        Duty.of(
            task,
            listed == null ? null : listed.status(),
            new Duty.Circumstances(
                listing.unavailable(runtime), drains.isDrained(task, agents, now), now));
    if (duty.act() == Duty.Act.LAUNCH) {
      duty =
          LaunchOrder.obstacle(task, app, runtime, ports, now)
              .map(failure -> new Duty(failure, Duty.Act.NONE))
              .orElse(duty);
    }
    Duty.Act act = duty.act();
    TaskEvent event = duty.event() == null ? answers(task, app, now) : duty.event();
    if (event != null) {
      Transition transition = TaskTransitions.next(task.seen(), event);
      seen.add(new ObservationLog.Seen(task, app, transition));
      if (transition.effects().contains(TaskEffect.KILL)) {
        act = Duty.Act.STOP;
      } else if (transition.next().state().isTerminal() && listed != null && listed.isOver()) {
        act = Duty.Act.FORGET;
      }
    }
    if (act != Duty.Act.NONE) {
      work.add(new Work(task, app, runtime, act));
    }
  }

  /** Health before readiness; what is left for the next turn asks for one. */
  private @Nullable TaskEvent answers(Task task, @Nullable AppSpec app, Instant now) {
    TaskEvent health = probes.news(task, app, now);
    TaskEvent readiness = questions.news(task, app, now);
    if (health != null && readiness != null) {
      loop.signal();
    }
    return health == null ? readiness : health;
  }

  /** A task whose runtime fails must not keep the others from being started and stopped. */
  private void actAlone(Work item, Instant now) {
    try {
      act(item, now);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, item.task().id() + ": " + item.act() + " failed, a later turn retries", e);
    }
  }

  private void act(Work item, Instant now) {
    TaskId id = item.task().id();
    TaskRuntime runtime = item.runtime();
    AppSpec app = item.app();
    if (runtime == null) {
      return;
    }
    switch (item.act()) {
      case LAUNCH -> launch(item.task(), app, runtime);
      case STOP -> runtime.stop(id, grace(app));
      case FORGET -> forget(id, runtime, now);
      case NONE -> {}
    }
  }

  private void launch(Task task, @Nullable AppSpec app, TaskRuntime runtime) {
    if (app == null) {
      return;
    }
    try {
      if (runtime.needsSandbox()) {
        sandboxes.create(task.id());
      }
      runtime.launch(LaunchOrder.spec(task, app, sandboxes));
      if (launched.size() < LOGGED) {
        LOG.log(Level.INFO, "{0}: launched by {1}", task.id(), runtime.name());
      }
      launched.add(task.id());
    } catch (IOException e) {
      LOG.log(Level.WARNING, task.id() + ": no sandbox, the next turn tries again", e);
    }
  }

  private void forget(TaskId id, TaskRuntime runtime, Instant now) {
    try {
      sandboxes.markEnded(id, now);
    } catch (IOException e) {
      LOG.log(Level.WARNING, id + ": its sandbox may go too early", e);
    }
    runtime.forget(id);
  }

  private static Duration grace(@Nullable AppSpec app) {
    Integer seconds = app == null ? null : app.killGraceSeconds();
    return seconds == null ? DEFAULT_KILL_GRACE : Duration.ofSeconds(seconds);
  }

  private void stopStrangers(List<Task> tasks, Runtimes.Listing listing, Instant now) {
    Set<TaskId> unknown = new HashSet<>(listing.tasks().keySet());
    tasks.forEach(task -> unknown.remove(task.id()));
    for (TaskId id : strangers.overdue(unknown, now)) {
      Runtimes.Listed listed = listing.tasks().get(id);
      if (listed == null) {
        continue;
      }
      try {
        dismiss(id, listed, now);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, id + ": nobody asks for it, a later turn gets rid of it", e);
      }
    }
  }

  private void dismiss(TaskId id, Runtimes.Listed listed, Instant now) {
    if (listed.isOver()) {
      forget(id, listed.runtime(), now);
      if (strangers.hasObeyed(id)) {
        log.commit(List.of(), List.of(new ClusterEvent.UnknownTerminated(now, id)));
      }
    } else {
      strangers.stopping(id);
      LOG.log(Level.WARNING, "{0} runs here and nobody asks for it: stopped", id);
      listed.runtime().stop(id, DEFAULT_KILL_GRACE);
    }
  }

  private void wakeAgain(Instant now, boolean refused) {
    draining = drains.isWaiting();
    if (refused) {
      loop.signal();
    }
    drains
        .nextTimeout(now)
        .ifPresent(at -> timers.after(Duration.between(now, at).plusMillis(1), loop::signal));
  }

  private void reap() {
    Set<TaskId> known = active;
    // Before the first turn nobody knows whose sandboxes these are.
    if (known != null) {
      reaper.run(known);
    }
  }
}
