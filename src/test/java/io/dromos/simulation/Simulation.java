package io.dromos.simulation;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deadline;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.ReconcilerConfig;
import io.dromos.deployment.World;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** Time enough for a leader to be found and to take a few turns. */
  private static final Duration RECOVERY = Duration.ofSeconds(15);

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
  private final Map<String, Integer> ending = new HashMap<>();
  private long calmSince = -1;
  private long fixAt;
  private boolean settled;

  Simulation(long seed, boolean traced) {
    this(seed, traced, Mutation.NONE);
  }

  Simulation(long seed, boolean traced, Mutation mutation) {
    schedule = new Schedule(seed, traced);
    faults = new Faults(schedule);
    memory = new MemoryStores(schedule);
    invariants = new Invariants(schedule, memory.stores(), nodes);
    Gates gates = new Gates(schedule, faults, memory, invariants, leaseRow, mutation);
    SimulatedFeed feed = new SimulatedFeed(schedule, faults, memory, () -> nodes);
    EventEncoding encoding = new EventEncoding();
    SimulatedNode.Surroundings around =
        new SimulatedNode.Surroundings(schedule, faults, gates, leaseRow, feed, encoding);
    int count = 1 + schedule.dice(3);
    for (int i = 1; i <= count; i++) {
      String name = "n" + i;
      nodes.add(new SimulatedNode(name, around, new Machine(name, schedule, faults, invariants)));
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

  /** For people: all deployments, what users asked for, and the end of what happened. */
  List<String> trace() {
    List<String> lines = new ArrayList<>();
    List<Deployment> deployments =
        new ArrayList<>(memory.stores().deployments().ended(Integer.MAX_VALUE));
    deployments.addAll(memory.stores().deployments().running());
    deployments.sort(
        Comparator.comparing(Deployment::startedAt).thenComparing(Deployment::version));
    for (Deployment d : deployments) {
      lines.add(
          String.format(
              "%s %s from %s, step %d of %s, %s",
              d.id(), d.status(), d.startedAt(), d.currentStep(), d.steps(), d.reason()));
      d.origin().forEach(spec -> lines.add("  from " + line(spec)));
      d.target().forEach(spec -> lines.add("  to   " + line(spec)));
    }
    lines.addAll(schedule.lines());
    return lines;
  }

  private static String line(AppSpec spec) {
    return spec.id()
        + " "
        + spec.version()
        + ": "
        + spec.instances()
        + " of '"
        + spec.cmd()
        + "' as of "
        + spec.lastConfigChangeAt();
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
    fixAt = calmSince + (schedule.chance(0.2) ? schedule.between(5_000, 50_000) : 0);
    schedule.after(outside, "look", 0, this::look);
  }

  private void look() {
    checkThatDeploymentsSpeak();
    if (schedule.now() < fixAt) {
      schedule.after(outside, "look", LOOK_MILLIS, this::look);
      return;
    }
    // Again and again: a deadline may bring back what could not work.
    users.fix();
    List<String> wrong = unsettled();
    if (wrong.isEmpty()) {
      settled = true;
    } else if (schedule.now() - calmSince > CALM_MILLIS) {
      throw new BrokenInvariant("not what was asked for after all this time: " + wrong);
    } else {
      schedule.after(outside, "look", LOOK_MILLIS, this::look);
    }
  }

  /** With a deadline it ends; without one it says what it waits for. */
  private void checkThatDeploymentsSpeak() {
    World world = invariants.world();
    Instant now = schedule.instant();
    Instant quiet = now.minusMillis(schedule.now() - calmSince).plus(RECOVERY);
    Set<String> aboutToEnd = new TreeSet<>();
    for (Deployment deployment : world.deployments()) {
      Deadline.of(deployment, quiet)
          .filter(end -> end.plus(RECOVERY).isBefore(now))
          .ifPresent(
              end -> {
                throw new BrokenInvariant(deployment.id() + " runs although it was to end " + end);
              });
      DeploymentProgress progress =
          DeploymentProgress.of(
              deployment, world, now, ReconcilerConfig.of(SimulatedNode.ACK_TIMEOUT, quiet));
      if (progress.awaited().stream().anyMatch(one -> one.what().isEmpty())
          || progress.waitsFor().isBlank()) {
        throw new BrokenInvariant(deployment.id() + " does not say what it waits for");
      }
      if (progress.awaited().isEmpty()) {
        aboutToEnd.add(deployment.id() + " step " + deployment.currentStep());
      }
    }
    ending.keySet().retainAll(aboutToEnd);
    for (String step : aboutToEnd) {
      if (ending.merge(step, 1, Integer::sum) * LOOK_MILLIS > RECOVERY.toMillis()) {
        throw new BrokenInvariant(step + " says that it waits for nothing, and does not end");
      }
    }
  }

  private static boolean isOutdated(Task task, World world) {
    AppSpec current = world.apps().get(task.appId());
    return current != null
        && world
            .specOf(task)
            .map(spec -> !spec.lastConfigChangeAt().equals(current.lastConfigChangeAt()))
            .orElse(true);
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
        if (!users.abandonedAny() && isOutdated(task, world)) {
          wrong.add(task.id() + " runs an older definition");
        }
      } else {
        wrong.add(task.id() + " wanted: " + task.goal().wantsRunning() + ", seen " + task.seen());
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
