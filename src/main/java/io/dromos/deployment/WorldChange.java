package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.placement.Agent;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became different between two worlds, while it is being read; {@link World#with} applies it.
 * An empty value stands for something that is gone. Of something that is gone and there again only
 * what is there counts, whichever is read first.
 */
public final class WorldChange {
  /** An immutable definition of an app. */
  public record Version(AppId app, Instant version) {}

  /** What was seen of a task of an app. */
  record Seen(AppId app, TaskObservation observation) {}

  private final long revision;
  private final Map<AppId, Optional<AppSpec>> apps = new HashMap<>();
  private final Map<Version, AppSpec> versions = new HashMap<>();
  private final Map<TaskId, TaskGoal> goals = new HashMap<>();
  private final Map<TaskId, Seen> seen = new HashMap<>();
  private final Map<TaskId, AppId> expunged = new HashMap<>();
  private final Map<String, Optional<Deployment>> deployments = new HashMap<>();
  private final Map<AppId, Optional<LaunchDelay>> delays = new HashMap<>();
  private final Map<AppId, Optional<QueueEntry>> queue = new HashMap<>();
  private final Map<AppId, Optional<TaskFailure>> failures = new HashMap<>();
  private final Map<String, Optional<Agent>> agents = new HashMap<>();

  /**
   * @param revision of the world after the change
   */
  public WorldChange(long revision) {
    this.revision = revision;
  }

  /** The current definition of an app. */
  public void app(AppSpec spec) {
    apps.put(spec.id(), Optional.of(spec));
  }

  /** The app left the tree. */
  public void appGone(AppId app) {
    apps.putIfAbsent(app, Optional.empty());
  }

  /** A definition that some task runs by. */
  public void version(AppSpec spec) {
    versions.put(new Version(spec.id(), spec.version()), spec);
  }

  public void goal(TaskGoal goal) {
    goals.put(goal.id(), goal);
  }

  /** What was seen of a task of {@code app}. */
  public void seen(AppId app, TaskObservation observation) {
    seen.put(observation.id(), new Seen(app, observation));
  }

  /** A task of {@code app} left the books; its id never comes back. */
  public void expunged(AppId app, TaskId task) {
    expunged.put(task, app);
  }

  /** A running deployment, or one that ended. */
  public void deployment(Deployment deployment) {
    deployments.put(
        deployment.id(), deployment.isRunning() ? Optional.of(deployment) : Optional.empty());
  }

  public void deploymentGone(String id) {
    deployments.putIfAbsent(id, Optional.empty());
  }

  public void delay(LaunchDelay delay) {
    delays.put(delay.appId(), Optional.of(delay));
  }

  public void delayGone(AppId app) {
    delays.putIfAbsent(app, Optional.empty());
  }

  public void queued(QueueEntry entry) {
    queue.put(entry.appId(), Optional.of(entry));
  }

  public void dequeued(AppId app) {
    queue.putIfAbsent(app, Optional.empty());
  }

  public void failure(TaskFailure failure) {
    failures.put(failure.appId(), Optional.of(failure));
  }

  public void failureGone(AppId app) {
    failures.putIfAbsent(app, Optional.empty());
  }

  public void agent(Agent agent) {
    agents.put(agent.name(), Optional.of(agent));
  }

  public void agentGone(String name) {
    agents.putIfAbsent(name, Optional.empty());
  }

  /** Definitions that tasks of this change run by and that neither it nor {@code before} has. */
  public Set<Version> missing(World before) {
    Set<Version> missing = new HashSet<>();
    for (TaskGoal goal : goals.values()) {
      Version version = new Version(goal.appId(), goal.version());
      boolean current =
          apps.getOrDefault(goal.appId(), Optional.empty())
              .filter(spec -> spec.version().equals(goal.version()))
              .isPresent();
      if (!current && !versions.containsKey(version) && !before.has(version)) {
        missing.add(version);
      }
    }
    return missing;
  }

  long revision() {
    return revision;
  }

  Map<AppId, Optional<AppSpec>> apps() {
    return apps;
  }

  Map<Version, AppSpec> versions() {
    return versions;
  }

  Map<TaskId, TaskGoal> goals() {
    return goals;
  }

  Map<TaskId, Seen> seen() {
    return seen;
  }

  Map<TaskId, AppId> expunged() {
    return expunged;
  }

  Map<String, Optional<Deployment>> deployments() {
    return deployments;
  }

  Map<AppId, Optional<LaunchDelay>> delays() {
    return delays;
  }

  Map<AppId, Optional<QueueEntry>> queue() {
    return queue;
  }

  Map<AppId, Optional<TaskFailure>> failures() {
    return failures;
  }

  Map<String, Optional<Agent>> agents() {
    return agents;
  }
}
