package io.dromos.dcos;

import io.dromos.api.Json;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /console/overview}: everything a first look needs, from one consistent read; described
 * in {@code console-json.md}.
 */
public record OverviewJson(
    String node,
    String version,
    @Nullable String leader,
    long revision,
    String at,
    List<AppRow> apps,
    List<TaskRow> tasks,
    List<AgentRow> agents,
    List<DeploymentStatusJson> deployments) {
  /** Delays shorter than this are the ordinary time between two turns, not a wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** One app with its counts and its status. */
  public record AppRow(
      String id,
      int instances,
      int running,
      int healthy,
      int unhealthy,
      int staged,
      int checks,
      String version,
      String status,
      @Nullable Long retryInSeconds,
      List<String> deployments,
      @Nullable String image,
      double cpus,
      double mem) {}

  /** One task. */
  public record TaskRow(
      String id,
      String app,
      String state,
      String agent,
      String agentId,
      String host,
      List<Integer> ports,
      @Nullable Boolean healthy,
      @Nullable String healthCause,
      String version,
      String stagedAt,
      @Nullable String startedAt,
      boolean stopping,
      String message) {}

  /** One node as it last reported. */
  public record AgentRow(
      String name,
      String id,
      String address,
      String api,
      List<String> roles,
      boolean alive,
      double cpus,
      double usedCpus,
      double mem,
      double usedMem,
      List<String> features,
      Map<String, String> problems,
      long servedRevision,
      Map<String, String> planes,
      String seenAt) {}

  static OverviewJson of(
      World world, String node, String version, @Nullable String leader, Instant now) {
    return new OverviewJson(
        node,
        version,
        leader,
        world.revision(),
        Json.time(now),
        world.apps().values().stream()
            .sorted(Comparator.comparing(AppSpec::id))
            .map(app -> app(app, world, now))
            .toList(),
        world.tasks().stream()
            .sorted(Comparator.comparing(Task::appId).thenComparing(Task::id))
            .map(task -> task(task, world))
            .toList(),
        world.agents().stream()
            .sorted(Comparator.comparing(Agent::name))
            .map(agent -> agent(agent, world, now))
            .toList(),
        world.deployments().stream()
            .filter(Deployment::isRunning)
            .map(deployment -> DeploymentStatusJson.of(deployment, world, now))
            .toList());
  }

  private static AppRow app(AppSpec app, World world, Instant now) {
    List<Task> tasks = world.tasksOf(app.id());
    int checks = app.healthChecks().size();
    List<Task> running = tasks.stream().filter(Task::isRunning).toList();
    List<String> deployments = world.deploymentsOf(app.id()).stream().map(Deployment::id).toList();
    QueueEntry queued = queued(world, app.id());
    Instant notBefore = queued == null ? null : queued.notBefore();
    boolean delayed = notBefore != null && notBefore.isAfter(now);
    return new AppRow(
        app.id().path(),
        app.instances(),
        running.size(),
        checks == 0 ? 0 : count(running, t -> t.isHealthy(checks)),
        count(running, Task::isUnhealthy),
        count(tasks, t -> t.state() == TaskState.STAGING || t.state() == TaskState.STARTING),
        checks,
        Json.time(app.version()),
        status(app, tasks, deployments, queued, now),
        delayed && notBefore != null
            ? (Duration.between(now, notBefore).toMillis() + 999) / 1000
            : null,
        deployments,
        app.container() == null ? null : app.container().image(),
        app.resources().cpus(),
        app.resources().memMiB());
  }

  /** First match wins; the order is that of what a user should look at first. */
  static String status(
      AppSpec app,
      List<Task> tasks,
      List<String> deployments,
      @Nullable QueueEntry queued,
      Instant now) {
    int checks = app.healthChecks().size();
    int running = count(tasks, t -> t.isRunning() && t.goal().wantsRunning());
    if (queued != null && queued.notBefore() != null && queued.notBefore().isAfter(now)) {
      return "delayed";
    }
    if (queued != null
        && queued.count() > 0
        && queued.lastRefusal() != null
        && queued.since().plus(PATIENCE).isBefore(now)) {
      return "waiting";
    }
    if (!deployments.isEmpty()) {
      return "deploying";
    }
    if (app.instances() == 0 && running == 0) {
      return "stopped";
    }
    if (count(tasks, t -> t.isRunning() && t.isUnhealthy()) > 0) {
      return "unhealthy";
    }
    if (count(tasks, t -> t.state() == TaskState.UNREACHABLE) > 0) {
      return "unreachable";
    }
    int fine = count(tasks, t -> t.isRunning() && t.isHealthy(checks) && t.goal().wantsRunning());
    return fine < app.instances() ? "degraded" : "running";
  }

  private static TaskRow task(Task task, World world) {
    int checks = world.specOf(task).map(spec -> spec.healthChecks().size()).orElse(0);
    Boolean healthy = null;
    if (task.isRunning() && checks > 0 && !task.seen().health().isEmpty()) {
      healthy = task.isHealthy(checks);
    }
    String cause =
        task.seen().health().stream()
            .filter(h -> !h.alive())
            .map(HealthResult::lastFailureCause)
            .filter(c -> c != null)
            .findFirst()
            .orElse(null);
    String agentId = world.agent(task.goal().agent()).map(Agent::id).orElse(task.goal().agent());
    return new TaskRow(
        task.id().value(),
        task.appId().path(),
        task.state().mesosName(),
        task.goal().agent(),
        agentId,
        task.goal().host(),
        task.isActive() ? task.goal().hostPorts() : List.of(),
        healthy,
        cause,
        Json.time(task.goal().version()),
        Json.time(task.goal().stagedAt()),
        Json.timeOrNull(task.seen().startedAt()),
        !task.goal().wantsRunning(),
        task.seen().message());
  }

  private static AgentRow agent(Agent agent, World world, Instant now) {
    Resources used = used(agent, world);
    return new AgentRow(
        agent.name(),
        agent.id(),
        agent.address(),
        agent.api(),
        agent.roles(),
        agent.isAlive(now, WhyExplainer.SILENCE_SECONDS),
        agent.total().cpus(),
        used.cpus(),
        agent.total().memMiB(),
        used.memMiB(),
        agent.features(),
        agent.problems(),
        agent.servedRevision(),
        agent.planes(),
        Json.time(agent.seenAt()));
  }

  /** What the tasks placed on it were given. */
  static Resources used(Agent agent, World world) {
    return world.tasksOn(agent.name()).stream()
        .filter(Task::isActive)
        .map(t -> t.goal().resources())
        .reduce(Resources.NONE, Resources::plus);
  }

  private static @Nullable QueueEntry queued(World world, AppId id) {
    return world.queued(id).orElse(null);
  }

  private static int count(List<Task> tasks, Predicate<Task> wanted) {
    return (int) tasks.stream().filter(wanted).count();
  }
}
