package io.dromos.agent;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.health.Endpoint;
import io.dromos.health.ReadinessProbe;
import io.dromos.health.ReadinessProber;
import io.dromos.health.ReadinessTarget;
import io.dromos.platform.Loops;
import io.dromos.store.DeploymentStore;
import io.dromos.task.ReadinessResult;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Has the running tasks of this node asked whether they are ready, but only while a deployment
 * waits for the answer, and only until they are (Marathon 1.11: readiness checks).
 */
final class ReadinessQuestions implements AutoCloseable {
  private final DeploymentStore deployments;
  private final ReadinessProber prober;
  private Set<AppId> deploying = Set.of();

  ReadinessQuestions(
      DeploymentStore deployments,
      ReadinessProbe probe,
      Loops loops,
      Clock clock,
      Runnable onResult) {
    this.deployments = deployments;
    this.prober = new ReadinessProber(probe, loops, clock, onResult);
  }

  /**
   * Inside a transaction: which apps are being deployed, read only when somebody is to be asked.
   */
  void refresh(Collection<Task> tasks, Definitions definitions) {
    if (tasks.stream().noneMatch(task -> isUnready(task, definitions.of(task).orElse(null)))) {
      deploying = Set.of();
      return;
    }
    Set<AppId> apps = new TreeSet<>();
    deployments.running().forEach(deployment -> apps.addAll(deployment.affectedApps()));
    deploying = apps;
  }

  /** What a task answered since it was last written down; null when that is nothing. */
  @Nullable TaskEvent news(Task task, @Nullable AppSpec app, Instant now) {
    if (!isUnready(task, app)) {
      return null;
    }
    List<ReadinessResult> results = prober.results(task.id());
    return results.isEmpty() || results.equals(task.seen().readiness())
        ? null
        : new TaskEvent.ReadinessProbed(now, results);
  }

  /** To be called after the turn's observations were committed. */
  void keep(Collection<Task> tasks, Definitions definitions) {
    List<ReadinessTarget> targets = new ArrayList<>();
    for (Task task : tasks) {
      AppSpec app = definitions.of(task).orElse(null);
      if (app != null && isUnready(task, app) && deploying.contains(app.id())) {
        targets.add(target(task, app));
      }
    }
    prober.keep(targets);
  }

  @Override
  public void close() {
    prober.close();
  }

  private static boolean isUnready(Task task, @Nullable AppSpec app) {
    return app != null
        && task.isRunning()
        && task.goal().wantsRunning()
        && !task.isReady(app.readinessChecks().size());
  }

  private static ReadinessTarget target(Task task, AppSpec app) {
    List<Optional<Endpoint>> endpoints =
        app.readinessChecks().stream()
            .map(check -> LaunchOrder.endpoint(check, task, app))
            .toList();
    return new ReadinessTarget(
        task.id(), app.readinessChecks(), endpoints, task.seen().readiness());
  }
}
