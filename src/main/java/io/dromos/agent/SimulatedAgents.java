package io.dromos.agent;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.runtime.Sandboxes;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the simulated agents of this node alive: it enters them, takes those away that are not
 * played any more, and reports all of them every 2 seconds in one statement, as each real one
 * reports itself. Their tasks are looked after by an {@link AgentLoop}, the same as everywhere.
 */
public final class SimulatedAgents implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SimulatedAgents.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** A node that was silent for this long plays nobody any more. */
  private static final long ALIVE_SECONDS = 10;

  private final SimulatedFleet fleet;
  private final NodeInfo node;
  private final Stores stores;
  private final ChangeFeed feed;
  private final Runtimes runtimes;
  private final Clock clock;
  private final Instant startedAt;
  private final AgentLoop tasks;
  private final Loops.Loop loop;
  private final Loops.Timers timers;
  private boolean settled;
  private boolean entered;

  /**
   * @param planes of the node, which is where their routes are served
   * @param runtimes of their tasks
   * @param means how ports and health of their tasks are found out
   */
  public SimulatedAgents(
      SimulatedFleet fleet,
      NodeInfo node,
      Settings settings,
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Planes planes,
      Runtimes runtimes,
      AgentLoop.Means means) {
    this.fleet = fleet;
    this.node = node;
    this.stores = stores;
    this.feed = feed;
    this.runtimes = runtimes;
    this.clock = means.clock();
    this.startedAt = clock.instant();
    this.tasks =
        new AgentLoop(
            node,
            () -> placed(stores.world().load(), fleet),
            settings,
            stores,
            events,
            feed,
            planes,
            runtimes,
            // They have no sandboxes; those of the node are not theirs to clean up.
            new Sandboxes(node.dataDir().resolve("simulated").resolve("sandboxes")),
            means);
    this.loop = means.loops().loop("simulated-agents", this::turn, 1_000);
    this.timers = means.loops().timers();
  }

  private static List<Task> placed(World world, SimulatedFleet fleet) {
    return fleet.names().stream().flatMap(name -> world.tasksOn(name).stream()).toList();
  }

  public SimulatedAgents start() {
    loop.start();
    timers.every(Duration.ZERO, PERIOD, loop::signal);
    return this;
  }

  /** Asks for a turn of the loop that looks after their tasks. */
  public void signal() {
    tasks.signal();
  }

  /** As {@link #signal()}, if these topics of the change feed can concern it. */
  public void wake(Set<Topic> topics) {
    tasks.wake(topics);
  }

  /** Nobody is played any more; the tasks go on. */
  @Override
  public void close() {
    timers.close();
    loop.close();
    tasks.close();
  }

  /** One beat of all of them; runs on one thread at a time. */
  void turn() {
    if (!settled) {
      stores.transactions().run(this::settle);
      settled = true;
      if (fleet.names().isEmpty()) {
        timers.close();
      }
    } else if (!fleet.names().isEmpty()
        && stores.agents().alive(fleet.names()) < fleet.names().size()) {
      // Somebody removed some of them.
      stores.transactions().run(this::enter);
    }
    if (!entered && !fleet.names().isEmpty()) {
      entered = true;
      // Not before: another node may play agents of these names.
      tasks.start();
    }
  }

  private void settle() {
    Set<String> played = new HashSet<>(fleet.names());
    boolean changed = false;
    for (Agent agent : stores.agents().all()) {
      if (fleet.owns(agent) && !played.contains(agent.name())) {
        stores.agents().remove(agent.name());
        changed = true;
      } else if (played.contains(agent.name())
          && !fleet.owns(agent)
          && agent.isAlive(clock.instant(), ALIVE_SECONDS)) {
        throw new IllegalStateException(
            "agent "
                + agent.name()
                + " is alive and belongs to another node: give this one another"
                + " dromos.simulated.prefix");
      }
    }
    if (!played.isEmpty()) {
      enter();
      LOG.log(
          Level.WARNING,
          "{0} SIMULATED agents, {1} to {2}: tasks placed on them are pretended, no work is run",
          played.size(),
          fleet.names().get(0),
          fleet.names().get(fleet.names().size() - 1));
    } else if (changed) {
      feed.announce(Set.of(Topic.AGENTS));
    }
  }

  private void enter() {
    List<Agent> agents =
        fleet.agents(node, stores.agents().agentIds(fleet.names()), runtimes.features(), startedAt);
    stores.agents().heartbeat(agents);
    feed.announce(Set.of(Topic.AGENTS));
  }
}
