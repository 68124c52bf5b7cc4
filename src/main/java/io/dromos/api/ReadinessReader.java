package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.task.Task;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Results of readiness checks, which exist only while a deployment waits for them. */
final class ReadinessReader {
  private final Collection<Deployment> running;
  private final World world;

  ReadinessReader(World world, Collection<Deployment> running) {
    this.running = running;
    this.world = world;
  }

  /** Of one app of a deployment: the tasks of the configuration that it leads to. */
  List<ReadinessJson> results(Deployment deployment, AppId app) {
    return deployment.target().stream()
        .filter(spec -> spec.id().equals(app) && !spec.readinessChecks().isEmpty())
        .flatMap(spec -> results(spec, world))
        .toList();
  }

  private static Stream<ReadinessJson> results(AppSpec spec, World world) {
    return world.tasksOf(spec.id()).stream()
        .filter(task -> task.isRunning() && task.goal().wantsRunning())
        .filter(
            task ->
                world
                    .specOf(task)
                    .filter(s -> s.lastConfigChangeAt().equals(spec.lastConfigChangeAt()))
                    .isPresent())
        .sorted(Comparator.comparing(Task::id))
        .flatMap(ReadinessJson::of);
  }

  /** Of one app, whatever deployment is at work on it. */
  List<ReadinessJson> results(AppId app) {
    return running.stream()
        .filter(
            deployment -> deployment.currentActions().stream().anyMatch(a -> a.app().equals(app)))
        .flatMap(deployment -> results(deployment, app).stream())
        .toList();
  }
}
