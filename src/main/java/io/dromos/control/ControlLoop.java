package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.VipClaim;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Lease;
import io.dromos.deployment.Action;
import io.dromos.deployment.Reconciler;
import io.dromos.deployment.ReconcilerConfig;
import io.dromos.deployment.World;
import io.dromos.placement.Placer;
import io.dromos.platform.TimeUuid;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.TaskGoal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one loop that decides, on the node that holds the lease. A turn is: load, decide, place,
 * commit, publish.
 *
 * <ol>
 *   <li>Nothing is acted on here: agents act on goals after they are committed.
 *   <li>Every write carries the leader's epoch and is refused when it is stale.
 *   <li>What users want cannot change between the load and the commit: both happen at one root
 *       version, one set of running deployments and one of launch delays, or the turn is taken
 *       again.
 *   <li>What agents see may change meanwhile; it only ever makes a decision late, not wrong.
 *   <li>A turn that decides nothing writes nothing.
 * </ol>
 *
 * <p>Called by one thread at a time.
 */
public final class ControlLoop {
  private static final Logger LOG = System.getLogger(ControlLoop.class.getName());

  /** A break between turns after which the silence of agents may be our own. */
  private static final Duration BLACKOUT = Duration.ofSeconds(5);

  private static final Duration PRUNING = Duration.ofMinutes(1);

  /** An image of the world that is older begins anew. */
  private static final Duration DELETIONS_KEPT = Duration.ofHours(1);

  private static final int ATTEMPTS = 5;

  /** Placements of one app in one turn that are logged one by one. */
  private static final int LOGGED = 20;

  /** What became of a pass: all is done, more is to be launched, or the world was another one. */
  private enum Outcome {
    DONE,
    MORE,
    AGAIN
  }

  /** Passes of one turn, each with its own bound of launches. */
  private static final int PASSES = 20;

  /** How long a world in which there was nothing to do is not looked at again. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** A revision at which there was nothing to do. */
  private record Quiet(long revision, Instant until) {}

  private final Stores stores;
  private final EventLog events;
  private final Lease lease;
  private final ChangeFeed feed;
  private final Clock clock;
  private final TimeUuid taskIds;
  private final Expiry expiry;
  private final Consumer<Instant> alarm;
  private final HealthHolds healthHolds = new HealthHolds();
  private ReconcilerConfig config;
  private @Nullable Long epoch;
  private Instant lastTurn = Instant.EPOCH;
  private Instant lastPruning = Instant.EPOCH;
  private @Nullable Quiet quiet;

  /**
   * @param expiry ends deployments whose deadline is over
   * @param config limits; {@code watchingSince} is kept by the loop itself
   * @param alarm told when the next turn is due although nothing else happens; a hint, since timers
   *     signal the loop anyway
   */
  public ControlLoop(
      Stores stores,
      EventLog events,
      Lease lease,
      ChangeFeed feed,
      Clock clock,
      TimeUuid taskIds,
      Expiry expiry,
      ReconcilerConfig config,
      Consumer<Instant> alarm) {
    this.stores = stores;
    this.events = events;
    this.lease = lease;
    this.feed = feed;
    this.clock = clock;
    this.taskIds = taskIds;
    this.expiry = expiry;
    this.config = config;
    this.alarm = alarm;
  }

  /** One turn, if this node leads. */
  public void turn() {
    Optional<Long> held = lease.acquire();
    Instant now = now();
    if (held.isEmpty()) {
      if (epoch != null) {
        LOG.log(Level.INFO, "epoch {0} is over: another node leads", epoch);
        epoch = null;
      }
      return;
    }
    watch(held.get(), now);
    try {
      int attempts = 0;
      for (int pass = 0; pass < PASSES; ) {
        switch (pass(held.get())) {
          case DONE -> {
            return;
          }
          case MORE -> pass++;
          case AGAIN -> {
            if (++attempts == ATTEMPTS) {
              LOG.log(Level.DEBUG, "{0} attempts met changes by users; next turn", ATTEMPTS);
              alarm.accept(now.plusMillis(100));
              return;
            }
          }
        }
      }
      alarm.accept(now());
    } catch (Lease.StaleEpochException e) {
      LOG.log(Level.INFO, "{0}: its decisions are void", e.getMessage());
      epoch = null;
    }
  }

  /** Notes since when agents are watched without a break. */
  private void watch(long held, Instant now) {
    if (epoch == null || epoch != held) {
      LOG.log(Level.INFO, "leading with epoch {0}", held);
      epoch = held;
      config = config.watchingSince(now);
      quiet = null;
    } else if (lastTurn.plus(BLACKOUT).isBefore(now)) {
      LOG.log(Level.WARNING, "no turn since {0}: agents get time to report again", lastTurn);
      config = config.watchingSince(now);
    }
    lastTurn = now;
  }

  /** The root version is read before the world: a change in between is noticed at the commit. */
  private record Reading(Instant root, World world) {}

  /**
   * Load, decide, place, commit.
   *
   * @return AGAIN when users changed what they want meanwhile
   */
  private Outcome pass(long held) {
    Reading reading =
        stores
            .transactions()
            .inTransaction(() -> new Reading(stores.apps().rootVersion(), stores.world().load()));
    World world = reading.world;
    Instant now = now();
    if (isQuiet(world, now)) {
      return Outcome.DONE;
    }
    List<Action> actions = Reconciler.reconcile(world, now, config);
    if (expire(actions, held)) {
      return Outcome.AGAIN;
    }
    LaunchRound.Result launches =
        LaunchRound.run(actions, world, () -> placer(world, now), () -> taskIds.next(now), now);
    boolean pruning = !lastPruning.plus(PRUNING).isAfter(now);
    HealthHolds.Change holds = healthHolds.change(actions);
    if (!changesWorld(actions, launches) && holds.isNothing() && !pruning) {
      quiet = actions.isEmpty() ? new Quiet(world.revision(), now.plus(QUIET)) : null;
      raiseAlarm(actions);
      return Outcome.DONE;
    }
    quiet = null;
    boolean committed =
        stores
            .transactions()
            .inTransaction(
                () -> {
                  // Deployments can be abandoned, and launch delays ended, without a new root.
                  if (!stores.apps().lockRoot().equals(reading.root)
                      || stores.deployments().changedSince(world.revision())) {
                    return false;
                  }
                  lease.verify(held);
                  commit(actions, launches, holds, now);
                  if (pruning) {
                    stores.events().prune();
                    stores.revisions().prune(DELETIONS_KEPT);
                  }
                  return true;
                });
    if (committed) {
      lastPruning = pruning ? now : lastPruning;
      log(actions, launches);
      healthHolds.commit(actions, holds);
      raiseAlarm(actions);
    }
    return !committed ? Outcome.AGAIN : launches.more() ? Outcome.MORE : Outcome.DONE;
  }

  /**
   * Nothing changed since a turn that had nothing to do, and nobody waits for an agent or a plane,
   * which report without a revision. Limits of time are looked at when the quiet ends.
   */
  private boolean isQuiet(World world, Instant now) {
    Quiet known = quiet;
    return known != null
        && known.revision() == world.revision()
        && now.isBefore(known.until())
        && world.deployments().isEmpty()
        && world.queue().isEmpty();
  }

  /** Each in a transaction of its own, after which the world is another one. */
  private boolean expire(List<Action> actions, long held) {
    boolean any = false;
    for (Action action : actions) {
      if (action instanceof Action.Expire over) {
        expiry.expire(over.deployment(), over.why(), () -> lease.verify(held));
        any = true;
      }
    }
    return any;
  }

  private void commit(
      List<Action> actions, LaunchRound.Result launches, HealthHolds.Change holds, Instant now) {
    if (changesWorld(actions, launches)) {
      stores.revisions().next();
    }
    TurnWriter writer = new TurnWriter(stores, now);
    writer.tellHolds(holds);
    writer.write(actions, launches);
    events.publish(writer.events());
    if (!writer.topics().isEmpty()) {
      feed.announce(writer.topics());
    }
  }

  private Placer placer(World world, Instant now) {
    Set<Integer> frontends = new HashSet<>();
    for (AppSpec app : world.apps().values()) {
      frontends.addAll(ServicePorts.portsOf(app));
      VipClaim.of(app).forEach(claim -> frontends.add(claim.label().port()));
    }
    return new Placer(world.agents(), world.tasks(), frontends, now, config.agentSilence());
  }

  private static boolean changesWorld(List<Action> actions, LaunchRound.Result launches) {
    return !launches.isEmpty()
        || actions.stream()
            .anyMatch(
                a ->
                    !(a instanceof Action.LookAgain
                        || a instanceof Action.HoldHealthKills
                        || a instanceof Action.Launch
                        || a instanceof Action.Wait));
  }

  private void raiseAlarm(List<Action> actions) {
    actions.stream()
        .filter(Action.LookAgain.class::isInstance)
        .map(a -> ((Action.LookAgain) a).at())
        .min(Instant::compareTo)
        .ifPresent(alarm);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static void log(List<Action> actions, LaunchRound.Result launches) {
    for (Action action : actions) {
      if (action instanceof Action.Kill kill) {
        LOG.log(
            Level.INFO,
            "{0}: kill {1} ({2}: {3})",
            kill.task().appId(),
            kill.task().id(),
            kill.reason(),
            kill.why());
      } else if (action instanceof Action.DeclareLost lost) {
        LOG.log(
            Level.WARNING,
            "{0}: {1} is unreachable, agent {2} is silent",
            lost.task().appId(),
            lost.task().id(),
            lost.task().goal().agent());
      } else if (action instanceof Action.Delay delay) {
        LOG.log(
            Level.INFO,
            "{0}: failure {1}, next launch not before {2}",
            delay.delay().appId(),
            delay.delay().failures(),
            delay.delay().notBefore());
      } else if (action instanceof Action.BeginStep begin) {
        LOG.log(
            Level.INFO,
            "deployment {0}: step {1} of {2} begins: {3}",
            begin.deployment().id(),
            begin.deployment().currentStep(),
            begin.deployment().steps().size(),
            begin.deployment().currentActions());
      } else if (action instanceof Action.Complete complete) {
        LOG.log(Level.INFO, "deployment {0} is done", complete.deployment().id());
      }
    }
    Map<AppId, List<TaskGoal>> placed = new TreeMap<>();
    launches
        .goals()
        .forEach(goal -> placed.computeIfAbsent(goal.appId(), a -> new ArrayList<>()).add(goal));
    placed.values().forEach(ControlLoop::logPlaced);
    launches.queued().stream()
        .filter(entry -> entry.lastRefusal() != null)
        .forEach(
            entry ->
                LOG.log(
                    Level.INFO,
                    "{0}: {1} waiting: {2}",
                    entry.appId(),
                    entry.count(),
                    entry.lastRefusal() == null ? "" : entry.lastRefusal().summary()));
  }

  /** A line a task, unless that would be a flood. */
  private static void logPlaced(List<TaskGoal> goals) {
    TaskGoal first = goals.get(0);
    if (goals.size() > LOGGED) {
      LOG.log(
          Level.INFO,
          "{0}: {1} tasks placed on {2} agents, the first is {3} on {4}",
          first.appId(),
          goals.size(),
          goals.stream().map(TaskGoal::agent).distinct().count(),
          first.id(),
          first.agent());
      return;
    }
    for (TaskGoal goal : goals) {
      LOG.log(
          Level.INFO,
          "{0}: {1} placed on {2}, ports {3}",
          goal.appId(),
          goal.id(),
          goal.agent(),
          goal.hostPorts());
    }
  }
}
