package io.dromos;

import io.dromos.agent.AgentLoop;
import io.dromos.agent.Runtimes;
import io.dromos.agent.SimulatedAgents;
import io.dromos.agent.SimulatedFleet;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.health.ProbeOutcome;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.runtime.simulated.SimulatedRuntime;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.ReadinessResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node only pretends, by {@code dromos.runtime.simulated} and {@code
 * dromos.simulated.agents}. Without agents to play it costs one look at the agent table, for those
 * that were played before.
 */
final class Simulation implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Simulation.class.getName());

  private final SimulatedAgents agents;
  private final @Nullable SimulatedRuntime runtime;

  Simulation(
      Settings settings,
      NodeInfo info,
      Stores stores,
      EventLog events,
      ChangeFeed feed,
      Planes planes,
      Loops loops,
      Clock clock) {
    SimulatedFleet fleet = SimulatedFleet.of(settings, info);
    this.runtime =
        fleet.names().isEmpty()
            ? null
            : new SimulatedRuntime(fleet.script(), journal(info, "agents"), loops, clock);
    this.agents =
        new SimulatedAgents(
            fleet,
            info,
            settings,
            stores,
            events,
            feed,
            planes,
            new Runtimes(runtime == null ? List.of() : List.of(runtime)),
            means(runtime, loops, clock));
  }

  /** The runtime of the node's own tasks, when they are only pretended. */
  static Optional<SimulatedRuntime> ofThisNode(
      Settings settings, NodeInfo info, Loops loops, Clock clock) {
    if (!settings.flag(Setting.RUNTIME_SIMULATED)) {
      return Optional.empty();
    }
    LOG.log(
        Level.WARNING,
        "{0}=true: this node only PRETENDS to run its tasks, no work is run",
        Setting.RUNTIME_SIMULATED.key());
    return Optional.of(
        new SimulatedRuntime(SimulatedFleet.script(settings), journal(info, "node"), loops, clock));
  }

  /** No port of a simulated task is taken, and its script answers for its health. */
  static AgentLoop.Means means(@Nullable SimulatedRuntime runtime, Loops loops, Clock clock) {
    return new AgentLoop.Means(
        clock,
        loops,
        (port, protocol) -> false,
        commands ->
            (target, index) ->
                runtime != null && runtime.isHealthy(target.id())
                    ? new ProbeOutcome.Alive()
                    : new ProbeOutcome.Dead("the script of the simulated task says so"),
        (target, index) ->
            new ReadinessResult(
                target.checks().get(index).name(),
                runtime != null && runtime.isHealthy(target.id()),
                null));
  }

  private static Path journal(NodeInfo info, String whose) {
    return info.dataDir().resolve("simulated").resolve(whose + ".journal");
  }

  void start() {
    agents.start();
  }

  void signal() {
    agents.signal();
  }

  void wake(Set<Topic> topics) {
    agents.wake(topics);
  }

  /** Ends the loops; the tasks go on. */
  void rest() {
    agents.close();
  }

  @Override
  public void close() {
    if (runtime != null) {
      runtime.close();
    }
  }
}
