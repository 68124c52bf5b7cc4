package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.placement.Agent;
import io.dromos.placement.Agent.PortRange;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A world told in steps, and what the reconciler makes of it. */
final class Situation {
  /** Everything happens around here; versions are seconds after the epoch. */
  static final Instant NOW = Instant.parse("2024-01-01T12:00:00Z");

  static final ReconcilerConfig CONFIG =
      ReconcilerConfig.of(Duration.ofSeconds(2), NOW.minusSeconds(3600));

  private final Map<AppId, AppSpec> apps = new HashMap<>();
  private final Map<AppId, Map<Instant, AppSpec>> versions = new HashMap<>();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Deployment> deployments = new ArrayList<>();
  private final List<QueueEntry> queue = new ArrayList<>();
  private final List<LaunchDelay> delays = new ArrayList<>();
  private final Map<String, Agent> agents = new HashMap<>();
  private int tasksTold;
  ReconcilerConfig config = CONFIG;

  Situation() {
    agents.put("n1", agent("n1", 1000, NOW));
  }

  static Agent agent(String name, long servedRevision, Instant seenAt) {
    return new Agent(
        name,
        name + "-S0",
        "10.0.0." + name.substring(1),
        "10.0.0." + name.substring(1) + ":8080",
        List.of("master", "agent", "edge"),
        new Resources(8, 16384, 100000, 0),
        List.of(new PortRange(31000, 32000)),
        Map.of(),
        List.of("process", "docker"),
        Map.of(),
        servedRevision,
        Map.of("edge", "serves " + servedRevision),
        NOW.minusSeconds(7200),
        seenAt);
  }

  Situation node(Agent agent) {
    agents.put(agent.name(), agent);
    return this;
  }

  /** In the tree, and among the stored versions. */
  Situation app(AppSpec spec) {
    apps.put(spec.id(), spec);
    return version(spec);
  }

  /** Among the stored versions only. */
  Situation version(AppSpec spec) {
    versions.computeIfAbsent(spec.id(), id -> new HashMap<>()).put(spec.version(), spec);
    return this;
  }

  Situation removed(AppId id) {
    apps.remove(id);
    return this;
  }

  Situation queued(QueueEntry entry) {
    queue.add(entry);
    return this;
  }

  Situation delay(LaunchDelay delay) {
    delays.add(delay);
    return this;
  }

  /** A task that has been in this state for a minute. */
  Task task(AppSpec spec, TaskState state) {
    return task(spec, state, null, NOW.minusSeconds(60));
  }

  Task task(AppSpec spec, TaskState state, @Nullable KillReason kill, Instant since) {
    return task(spec, state, kill, since, List.of(), 10);
  }

  /** A task that has been running for ten minutes on some agent. */
  Task on(String agent, AppSpec spec, HealthResult health) {
    return task(agent, spec, TaskState.RUNNING, null, NOW.minusSeconds(600), List.of(health), 10);
  }

  Task task(
      AppSpec spec,
      TaskState state,
      @Nullable KillReason kill,
      Instant since,
      List<HealthResult> health,
      long revision) {
    return task("n1", spec, state, kill, since, health, revision);
  }

  private Task task(
      String agent,
      AppSpec spec,
      TaskState state,
      @Nullable KillReason kill,
      Instant since,
      List<HealthResult> health,
      long revision) {
    TaskId id = TaskId.create(spec.id(), "00000000-0000-1000-8000-%012d".formatted(++tasksTold));
    TaskGoal goal =
        new TaskGoal(
            id,
            spec.id(),
            spec.version(),
            agent,
            "10.0.0." + agent.substring(1),
            List.of(),
            spec.resources(),
            since.minusSeconds(100 - tasksTold),
            kill,
            kill == null ? null : NOW,
            5);
    Task task =
        new Task(
            goal,
            new TaskObservation(
                id, state, since, since, "", null, "pid", health, List.of(), List.of(), revision));
    tasks.add(task);
    return task;
  }

  Situation running(int count, AppSpec spec) {
    for (int i = 0; i < count; i++) {
      task(spec, TaskState.RUNNING);
    }
    return this;
  }

  /** A deployment at a step, from what is told to be before to what is in the tree. */
  Situation deploying(int step, List<AppSpec> origin, List<AppSpec> target) {
    Deployment deployment =
        new Deployment(
            "d" + (deployments.size() + 1),
            NOW,
            origin,
            target,
            Planner.plan(origin, target, List.of(), Set.of()),
            step,
            NOW.minusSeconds(60),
            NOW.minusSeconds(60),
            Deployment.Status.RUNNING,
            null,
            null,
            Deployment.Terms.NONE);
    deployments.add(deployment);
    target.forEach(this::app);
    origin.forEach(this::version);
    return this;
  }

  World world() {
    return new World(
        100, apps, versions, tasks, deployments, delays, queue, List.copyOf(agents.values()));
  }

  List<Action> decide() {
    return Reconciler.reconcile(world(), NOW, config);
  }

  static HealthResult healthy() {
    return HealthResult.UNKNOWN.succeeded(NOW.minusSeconds(50));
  }

  static HealthResult failing(int times) {
    HealthResult result = healthy();
    for (int i = 0; i < times; i++) {
      result = result.failed(NOW.minusSeconds(40 - i), "500 Internal Server Error");
    }
    return result;
  }
}
