package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.placement.Agent;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision may depend on, read at one revision, with the indices that decisions look
 * things up by. Immutable; a lookup never scans the whole, and {@link #with} makes the next one out
 * of what changed.
 */
public final class World {
  /** Nothing at all, at revision 0. */
  public static final World EMPTY =
      new World(0, Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  private final long revision;
  private final Map<AppId, AppSpec> apps;
  private final Map<AppId, Map<Instant, AppSpec>> versions;
  private final TaskIndex tasks;
  private final List<Deployment> deployments;
  private final Keyed<AppId, LaunchDelay> delays;
  private final Keyed<AppId, QueueEntry> queue;
  private final Keyed<AppId, TaskFailure> failures;
  private final Keyed<String, Agent> agents;
  private final Object fleet;
  private volatile @Nullable SortedSet<AppId> ids;
  private volatile @Nullable Map<AppId, List<Deployment>> moving;

  /**
   * @param apps current definitions
   * @param versions all definitions that something runs by, by app and version
   * @param deployments the running ones
   */
  public World(
      long revision,
      Map<AppId, AppSpec> apps,
      Map<AppId, Map<Instant, AppSpec>> versions,
      Collection<Task> tasks,
      List<Deployment> deployments,
      Collection<LaunchDelay> delays,
      Collection<QueueEntry> queue,
      Collection<Agent> agents) {
    this(
        revision,
        Collections.unmodifiableMap(new HashMap<>(apps)),
        Collections.unmodifiableMap(new HashMap<>(versions)),
        TaskIndex.of(tasks),
        List.copyOf(deployments),
        Keyed.of(delays, LaunchDelay::appId),
        Keyed.of(queue, QueueEntry::appId),
        Keyed.of(List.of(), TaskFailure::appId),
        Keyed.of(agents, Agent::name),
        new Object());
  }

  private World(
      long revision,
      Map<AppId, AppSpec> apps,
      Map<AppId, Map<Instant, AppSpec>> versions,
      TaskIndex tasks,
      List<Deployment> deployments,
      Keyed<AppId, LaunchDelay> delays,
      Keyed<AppId, QueueEntry> queue,
      Keyed<AppId, TaskFailure> failures,
      Keyed<String, Agent> agents,
      Object fleet) {
    this.revision = revision;
    this.apps = apps;
    this.versions = versions;
    this.tasks = tasks;
    this.deployments = deployments;
    this.delays = delays;
    this.queue = queue;
    this.failures = failures;
    this.agents = agents;
    this.fleet = fleet;
  }

  /** The world after {@code change}; shares with this one whatever did not change. */
  public World with(WorldChange change) {
    NextWorld next = new NextWorld(this, tasks, change);
    return new World(
        change.revision(),
        next.apps(),
        next.versions(),
        next.tasks(),
        NextWorld.deployments(deployments, change.deployments()),
        delays.with(change.delays()),
        queue.with(change.queue()),
        failures.with(change.failures()),
        agents.with(change.agents()),
        change.agents().values().stream().allMatch(this::isBeat) ? fleet : new Object());
  }

  public long revision() {
    return revision;
  }

  /** Current definitions. */
  public Map<AppId, AppSpec> apps() {
    return apps;
  }

  /** All definitions that something runs by, by app and version. */
  public Map<AppId, Map<Instant, AppSpec>> versions() {
    return versions;
  }

  /** All tasks, in task id order. */
  public List<Task> tasks() {
    return tasks.all();
  }

  /** The tasks of an app, in task id order; the same list in every world that didn't change it. */
  public List<Task> tasksOf(AppId app) {
    return tasks.ofApp(app);
  }

  /** The tasks placed on an agent, in task id order. */
  public List<Task> tasksOn(String agent) {
    return tasks.onAgent(agent);
  }

  public Optional<Task> task(TaskId id) {
    return tasks.find(id);
  }

  /** Running deployments, oldest first. */
  public List<Deployment> deployments() {
    return deployments;
  }

  /** The running deployments that move an app, oldest first. */
  public List<Deployment> deploymentsOf(AppId app) {
    Map<AppId, List<Deployment>> known = moving;
    if (known == null) {
      known = new HashMap<>();
      for (Deployment deployment : deployments) {
        for (AppId id : deployment.affectedApps()) {
          known.computeIfAbsent(id, a -> new ArrayList<>()).add(deployment);
        }
      }
      moving = known;
    }
    return known.getOrDefault(app, List.of());
  }

  /** By app. */
  public List<LaunchDelay> delays() {
    return delays.list();
  }

  public Optional<LaunchDelay> delayOf(AppId app) {
    return delays.get(app);
  }

  /** By app. */
  public List<QueueEntry> queue() {
    return queue.list();
  }

  public Optional<QueueEntry> queued(AppId app) {
    return queue.get(app);
  }

  /** The newest failure of an app's tasks. */
  public Optional<TaskFailure> lastFailureOf(AppId app) {
    return failures.get(app);
  }

  /** The newest failures, by app. */
  public List<TaskFailure> lastFailures() {
    return failures.list();
  }

  /** Says nothing new but that the agent is there, and what it serves. */
  private boolean isBeat(Optional<Agent> report) {
    return report
        .filter(
            agent ->
                agents
                    .get(agent.name())
                    .filter(
                        known -> known.seen(agent.servedRevision(), agent.seenAt()).equals(agent))
                    .isPresent())
        .isPresent();
  }

  /** The same object in worlds whose agents differ in nothing but when they were heard of. */
  public Object fleet() {
    return fleet;
  }

  /** By name. */
  public List<Agent> agents() {
    return agents.list();
  }

  public Optional<Agent> agent(String name) {
    return agents.get(name);
  }

  boolean has(WorldChange.Version version) {
    return versions.getOrDefault(version.app(), Map.of()).containsKey(version.version());
  }

  /** The definition a task was launched from. */
  public Optional<AppSpec> specOf(Task task) {
    Map<Instant, AppSpec> known = versions.get(task.appId());
    return known == null ? Optional.empty() : Optional.ofNullable(known.get(task.goal().version()));
  }

  /** Every app that has a definition or a task, in order. */
  public SortedSet<AppId> ids() {
    SortedSet<AppId> known = ids;
    if (known == null) {
      known = new TreeSet<>(apps.keySet());
      known.addAll(tasks.apps());
      known = Collections.unmodifiableSortedSet(known);
      ids = known;
    }
    return known;
  }
}
