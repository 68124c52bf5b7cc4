package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.placement.Agent;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a decision may depend on, read at one revision.
 *
 * @param apps current definitions
 * @param versions all stored definitions by app and version
 */
public record World(
    long revision,
    Map<AppId, AppSpec> apps,
    Map<AppId, Map<Instant, AppSpec>> versions,
    List<Task> tasks,
    List<Deployment> deployments,
    List<LaunchDelay> delays,
    List<QueueEntry> queue,
    List<Agent> agents) {
  public World {
    apps = Map.copyOf(apps);
    versions = Map.copyOf(versions);
    tasks = List.copyOf(tasks);
    deployments = List.copyOf(deployments);
    delays = List.copyOf(delays);
    queue = List.copyOf(queue);
    agents = List.copyOf(agents);
  }

  public List<Task> tasksOf(AppId app) {
    return tasks.stream().filter(t -> t.appId().equals(app)).toList();
  }

  /** The definition a task was launched from. */
  public Optional<AppSpec> specOf(Task task) {
    return Optional.ofNullable(
        versions.getOrDefault(task.appId(), Map.of()).get(task.goal().version()));
  }
}
