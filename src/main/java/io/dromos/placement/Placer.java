package io.dromos.placement;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.placement.Refusal.AgentRefusal;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses an agent and host ports for one task after the other, and remembers what it gave away.
 * One instance is one round over agents as they are at one instant; not for use by two threads.
 *
 * <p>Agents are asked in Marathon's funnel: role, constraints (and what the agent can run), CPUs,
 * memory, disk, GPUs, ports; the first reason is the one reported. Of the agents that fit, the one
 * with the fewest tasks of the app wins, then the one with the largest free share.
 */
public final class Placer {
  /** A placement, or the refusal that says why there is none. */
  public sealed interface Outcome {
    record Placed(Placement placement) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }

  /** DC/OS' name for the resources of public agents; here an agent that is an edge too. */
  private static final String PUBLIC_ROLE = "slave_public";

  private static final double DUST = 1e-6;

  private final List<Agent> alive;
  private final Map<String, Agent> byName = new HashMap<>();
  private final Map<String, Resources> used = new HashMap<>();
  private final Map<String, HostPorts> ports = new HashMap<>();
  private final Map<AppId, List<Task>> peers = new HashMap<>();
  private final Map<AppId, Map<String, Integer>> peerCounts = new HashMap<>();
  private final Instant now;
  private final Duration silence;

  /**
   * @param agents all known nodes
   * @param tasks all known tasks; those that have not ended hold their resources and ports
   * @param frontends service ports and VIP ports: never chosen as a free host port, because the
   *     frontends listen on the agents too
   * @param silence an agent that has not reported for this long is not asked
   */
  public Placer(
      Collection<Agent> agents,
      Collection<Task> tasks,
      Set<Integer> frontends,
      Instant now,
      Duration silence) {
    this.now = now;
    this.silence = silence;
    agents.forEach(agent -> byName.put(agent.name(), agent));
    alive =
        agents.stream()
            .filter(agent -> agent.isAgent() && agent.isAlive(now, silence.toSeconds()))
            .sorted(Comparator.comparing(Agent::name))
            .toList();
    alive.forEach(agent -> ports.put(agent.name(), new HostPorts(agent, frontends)));
    tasks.stream().filter(Task::isActive).forEach(this::take);
  }

  /** Places the next task of {@code app}; a placement is taken into account from then on. */
  public Outcome place(AppSpec app, TaskId id) {
    List<AgentRefusal> refusals = new ArrayList<>();
    List<Placement> fits = new ArrayList<>();
    for (Agent agent : alive) {
      Optional<AgentRefusal> refusal = check(app, agent);
      if (refusal.isPresent()) {
        refusals.add(refusal.get());
        continue;
      }
      HostPorts.Choice choice = ports(agent).choose(app, id);
      if (choice.problem() == null) {
        fits.add(new Placement(agent, choice.ports()));
      } else {
        refusals.add(
            new AgentRefusal(agent.name(), RefusalReason.InsufficientPorts, choice.problem()));
      }
    }
    Optional<Placement> best =
        fits.stream()
            .min(
                Comparator.<Placement>comparingInt(fit -> peersOn(app.id(), fit.agent()))
                    .thenComparing(fit -> -freeShare(fit.agent()))
                    .thenComparing(fit -> fit.agent().name()));
    if (best.isEmpty()) {
      return new Outcome.Refused(
          new Refusal(now, refusals, RefusalSummary.of(app, alive, this::free, refusals, silence)));
    }
    take(asTask(app, id, best.get()));
    return new Outcome.Placed(best.get());
  }

  private Optional<AgentRefusal> check(AppSpec app, Agent agent) {
    Optional<String> role = roleProblem(app, agent);
    if (role.isPresent()) {
      return refused(agent, RefusalReason.UnfulfilledRole, role.get());
    }
    String feature = app.needsDocker() ? "docker" : "process";
    if (!agent.features().contains(feature)) {
      String why = agent.problems().getOrDefault(feature, "it does not offer it");
      return refused(
          agent, RefusalReason.UnfulfilledConstraint, "cannot run " + feature + " tasks: " + why);
    }
    List<String> broken = Constraints.broken(app, agent, peersOf(app.id()), byName);
    if (!broken.isEmpty()) {
      return refused(agent, RefusalReason.UnfulfilledConstraint, String.join("; ", broken));
    }
    Resources free = free(agent);
    Resources ask = app.resources();
    if (ask.cpus() > free.cpus() + DUST) {
      return refused(
          agent,
          RefusalReason.InsufficientCpus,
          Amounts.shortage(Amounts.cpus(ask.cpus()), Amounts.cpus(free.cpus())));
    }
    if (ask.memMiB() > free.memMiB() + DUST) {
      return refused(
          agent,
          RefusalReason.InsufficientMemory,
          Amounts.shortage(Amounts.mebibytes(ask.memMiB()), Amounts.mebibytes(free.memMiB()))
              + " of memory");
    }
    if (ask.diskMiB() > free.diskMiB() + DUST) {
      return refused(
          agent,
          RefusalReason.InsufficientDisk,
          Amounts.shortage(Amounts.mebibytes(ask.diskMiB()), Amounts.mebibytes(free.diskMiB()))
              + " of disk");
    }
    if (ask.gpus() > free.gpus()) {
      return refused(
          agent,
          RefusalReason.InsufficientGpus,
          Amounts.shortage(ask.gpus() + " GPUs", free.gpus() + ""));
    }
    return Optional.empty();
  }

  private static Optional<String> roleProblem(AppSpec app, Agent agent) {
    List<String> accepted = app.acceptedResourceRoles();
    boolean fine =
        accepted.isEmpty()
            || accepted.contains("*")
            || (accepted.contains(PUBLIC_ROLE) && agent.roles().contains("edge"));
    return fine
        ? Optional.empty()
        : Optional.of("has no resources of role " + String.join(" or ", accepted));
  }

  private static Optional<AgentRefusal> refused(Agent agent, RefusalReason reason, String detail) {
    return Optional.of(new AgentRefusal(agent.name(), reason, detail));
  }

  private Resources free(Agent agent) {
    return agent.total().minus(used.getOrDefault(agent.name(), Resources.NONE));
  }

  /** Free share of the scarcer of CPU and memory, from 0 to 1. */
  private double freeShare(Agent agent) {
    Resources free = free(agent);
    return Math.min(
        share(free.cpus(), agent.total().cpus()), share(free.memMiB(), agent.total().memMiB()));
  }

  private static double share(double part, double whole) {
    return whole <= 0 ? 0 : part / whole;
  }

  private List<Task> peersOf(AppId app) {
    return peers.getOrDefault(app, List.of());
  }

  private int peersOn(AppId app, Agent agent) {
    return peerCounts.getOrDefault(app, Map.of()).getOrDefault(agent.name(), 0);
  }

  private HostPorts ports(Agent agent) {
    return ports.computeIfAbsent(agent.name(), name -> new HostPorts(agent, Set.of()));
  }

  private void take(Task task) {
    TaskGoal goal = task.goal();
    used.merge(goal.agent(), goal.resources(), Resources::plus);
    peers.computeIfAbsent(goal.appId(), id -> new ArrayList<>()).add(task);
    peerCounts
        .computeIfAbsent(goal.appId(), id -> new HashMap<>())
        .merge(goal.agent(), 1, Integer::sum);
    HostPorts known = ports.get(goal.agent());
    if (known != null) {
      known.take(goal.hostPorts(), goal.id());
    }
  }

  private Task asTask(AppSpec app, TaskId id, Placement placement) {
    TaskGoal goal =
        new TaskGoal(
            id,
            app.id(),
            app.version(),
            placement.agent().name(),
            placement.agent().address(),
            placement.hostPorts(),
            app.resources(),
            now,
            null,
            null,
            0);
    return new Task(goal, TaskObservation.staging(id, now));
  }
}
