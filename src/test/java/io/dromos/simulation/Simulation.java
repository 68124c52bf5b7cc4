package io.dromos.simulation;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.World;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The history of one cluster, decided by a seed. First users ask and everything breaks; then it
 * gets quiet, what cannot work is fixed, and the cluster must become what was asked for.
 *
 * <p>The loops are the real ones: {@code ControlLoop}, {@code AgentLoop}, {@code Heartbeat}, {@code
 * RoutingLoop} with its publisher, and {@code CommandProcessor}, several nodes with one database in
 * memory. Time, threads, machines, planes and the network are simulated.
 */
final class Simulation {
  private static final long CALM_MILLIS = 400_000;
  private static final long LOOK_MILLIS = 500;
  private static final int MOST_STEPS = 200_000;

  /**
   * How it went.
   *
   * @param hash of everything that happened: the same seed gives the same one
   * @param checks commits that were checked
   */
  record Outcome(
      long hash,
      long steps,
      long checks,
      long millis,
      Map<Fault, Integer> faults,
      Map<Users.Wish, Integer> wishes) {}

  private final Schedule schedule;
  private final Faults faults;
  private final Invariants invariants;
  private final MemoryStores memory;
  private final SimulatedLease.Row leaseRow = new SimulatedLease.Row();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Users users;
  private final Chaos chaos;
  private final Life outside = new Life("outside", () -> {});
  private long calmSince = -1;
  private boolean settled;

  Simulation(long seed, boolean traced) {
    schedule = new Schedule(seed, traced);
    faults = new Faults(schedule);
    memory = new MemoryStores(schedule);
    invariants = new Invariants(schedule, memory.stores(), nodes);
    Gates gates = new Gates(schedule, faults, memory, invariants);
    SimulatedFeed feed = new SimulatedFeed(schedule, faults, memory, () -> nodes);
    EventEncoding encoding = new EventEncoding();
    SimulatedNode.Surroundings around =
        new SimulatedNode.Surroundings(schedule, faults, gates, leaseRow, feed, encoding);
    int count = 1 + schedule.dice(3);
    for (int i = 1; i <= count; i++) {
      String name = "n" + i;
      nodes.add(
          new SimulatedNode(
              name, around, new Machine(name, schedule, faults, invariants::stopping)));
    }
    users = new Users(schedule, invariants, nodes, 1 + schedule.dice(3));
    chaos = new Chaos(schedule, faults, leaseRow, nodes);
  }

  /** Runs it to its end. */
  Outcome run() {
    long stormMillis = schedule.between(4_000, 30_000);
    schedule.after(outside, "users", 200, this::wish);
    schedule.after(outside, "chaos", 1_000, this::strike);
    schedule.after(outside, "calm", stormMillis, this::calm);
    while (!settled && schedule.step()) {
      if (schedule.steps() > MOST_STEPS) {
        throw new BrokenInvariant("it never gets quiet: " + unsettled());
      }
    }
    return new Outcome(
        schedule.hash(),
        schedule.steps(),
        invariants.checks(),
        schedule.now(),
        faults.counts(),
        users.counts());
  }

  List<String> trace() {
    return schedule.lines();
  }

  private void wish() {
    if (calmSince < 0) {
      schedule.after(outside, "users", schedule.between(50, 1_500), this::wish);
      users.wish();
    }
  }

  private void strike() {
    if (calmSince < 0) {
      schedule.after(outside, "chaos", schedule.between(200, 4_000), this::strike);
      chaos.strike();
    }
  }

  private void calm() {
    if (schedule.isInterleaved()) {
      // A wish that waits half way would come after the calm.
      schedule.after(outside, "calm", 1, this::calm);
      return;
    }
    calmSince = schedule.now();
    schedule.note("outside", "everything works from now on");
    faults.end();
    nodes.forEach(SimulatedNode::heal);
    users.fix();
    schedule.after(outside, "look", LOOK_MILLIS, this::look);
  }

  private void look() {
    List<String> wrong = unsettled();
    if (wrong.isEmpty()) {
      settled = true;
    } else if (schedule.now() - calmSince > CALM_MILLIS) {
      throw new BrokenInvariant("not what was asked for after all this time: " + wrong);
    } else {
      schedule.after(outside, "look", LOOK_MILLIS, this::look);
    }
  }

  /** What is not yet as it was asked for; empty when the cluster has settled. */
  private List<String> unsettled() {
    List<String> wrong = new ArrayList<>();
    World world = invariants.world();
    world
        .deployments()
        .forEach(d -> wrong.add("deployment " + d.id() + " at " + d.currentActions()));
    Map<AppId, Integer> serving = new TreeMap<>();
    Map<String, Set<TaskId>> expected = new HashMap<>();
    Set<TaskId> routed = new TreeSet<>();
    for (Task task : world.tasks()) {
      boolean fine =
          task.goal().wantsRunning()
              && task.isRunning()
              && task.isHealthy(
                  world.specOf(task).map(spec -> spec.healthChecks().size()).orElse(0));
      if (fine) {
        serving.merge(task.appId(), 1, Integer::sum);
        expected.computeIfAbsent(task.goal().agent(), a -> new TreeSet<>()).add(task.id());
        if (!task.goal().hostPorts().isEmpty()) {
          routed.add(task.id());
        }
      } else {
        wrong.add(task.id() + " is " + task.state() + ", goal " + task.goal().kill());
      }
    }
    for (AppSpec spec : world.apps().values()) {
      int count = serving.getOrDefault(spec.id(), 0);
      if (count != spec.instances()) {
        wrong.add(spec.id() + " has " + count + " of " + spec.instances());
      }
    }
    if (!world.apps().keySet().equals(world.versions().keySet())) {
      wrong.add("versions are kept of " + world.versions().keySet());
    }
    if (!world.queue().isEmpty()) {
      wrong.add("queue " + world.queue());
    }
    for (SimulatedNode node : nodes) {
      if (!node.machine().isEmptyBut(expected.getOrDefault(node.name(), Set.of()))) {
        wrong.add("on " + node.name() + " run " + node.machine().running());
      }
      if (!node.routed().equals(routed)) {
        wrong.add(node.name() + " routes to " + node.routed());
      }
    }
    return wrong;
  }
}
