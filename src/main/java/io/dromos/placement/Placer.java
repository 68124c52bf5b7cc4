package io.dromos.placement;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.placement.Refusal.AgentRefusal;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an agent and host ports for one task after the other, and remembers what it gave away.
 * One instance is one round over agents as they are at one instant; not for use by two threads.
 *
 * <p>Agents are asked in Marathon's funnel: role, constraints (and what the agent can run), CPUs,
 * memory, disk, GPUs, ports; the first reason is the one reported. Of the agents that fit, the one
 * with the fewest tasks of the app wins, then the one with the largest free share. One placement
 * after another of the same app costs little however many agents there are, see {@link Candidates}.
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

  private final List<Slot> slots;
  private final Map<String, Slot> byName = new HashMap<>();
  private final Map<String, Agent> agents = new HashMap<>();
  private final Map<AppId, Peers> peers = new HashMap<>();
  private final Instant now;
  private final Duration silence;
  private @Nullable Candidates candidates;

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
    BitSet avoided = new BitSet();
    frontends.forEach(avoided::set);
    agents.forEach(agent -> this.agents.put(agent.name(), agent));
    slots =
        agents.stream()
            .filter(agent -> agent.isAgent() && agent.isAlive(now, silence.toSeconds()))
            .sorted(Comparator.comparing(Agent::name))
            .map(agent -> new Slot(agent, avoided))
            .toList();
    slots.forEach(slot -> byName.put(slot.agent().name(), slot));
    for (Task task : tasks) {
      if (task.isActive()) {
        take(task.goal());
      }
    }
  }

  /** Places the next task of {@code app}; a placement is taken into account from then on. */
  public Outcome place(AppSpec app, TaskId id) {
    Candidates asked = candidates;
    if (asked == null || !asked.isFor(app)) {
      asked = new Candidates(app, slots, peersOf(app.id()));
      candidates = asked;
    }
    for (Slot slot = asked.next(); slot != null; slot = asked.next()) {
      Optional<AgentRefusal> refusal = check(app, slot);
      if (refusal.isPresent()) {
        asked.refuse(slot, refusal.get());
        continue;
      }
      HostPorts.Choice choice = slot.ports().choose(app, id);
      if (choice.problem() != null) {
        asked.refuse(
            slot,
            new AgentRefusal(
                slot.agent().name(), RefusalReason.InsufficientPorts, choice.problem()));
        continue;
      }
      Placement placement = new Placement(slot.agent(), choice.ports());
      take(placement.goal(app, id, now));
      asked.placed(slot);
      return new Outcome.Placed(placement);
    }
    List<AgentRefusal> refusals = asked.refusals();
    return new Outcome.Refused(
        new Refusal(now, refusals, RefusalSummary.of(app, alive(), this::free, refusals, silence)));
  }

  private Optional<AgentRefusal> check(AppSpec app, Slot slot) {
    Agent agent = slot.agent();
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
    List<String> broken = Constraints.broken(app, agent, peersOf(app.id()));
    if (!broken.isEmpty()) {
      return refused(agent, RefusalReason.UnfulfilledConstraint, String.join("; ", broken));
    }
    Resources free = slot.free();
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

  private List<Agent> alive() {
    return slots.stream().map(Slot::agent).toList();
  }

  private Resources free(Agent agent) {
    Slot slot = byName.get(agent.name());
    return slot == null ? Resources.NONE : slot.free();
  }

  private Peers peersOf(AppId app) {
    return peers.computeIfAbsent(app, id -> new Peers(agents));
  }

  private void take(TaskGoal goal) {
    peersOf(goal.appId()).add(goal);
    Slot slot = byName.get(goal.agent());
    if (slot != null) {
      slot.take(goal);
    }
  }
}
