package io.dromos.simulation;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.UnreachableStrategy;
import io.dromos.deployment.Upgrade;
import io.dromos.deployment.World;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the upgrade strategy promises, judged by what the leader knew when it decided: what happened
 * meanwhile is nobody's doing.
 */
final class CapacityRules {
  /**
   * @param basis what the leader had read
   * @param after what is stored now
   * @param before tasks as they were stored just before
   */
  void check(World basis, World after, Map<TaskId, Task> before, Instant now) {
    Map<AppId, Integer> healthy = new HashMap<>();
    Set<TaskId> healthyIds = new HashSet<>();
    for (Task task : basis.tasks()) {
      if (task.goal().wantsRunning() && isHealthy(task, basis)) {
        healthy.merge(task.appId(), 1, Integer::sum);
        healthyIds.add(task.id());
      }
    }
    Map<AppId, Integer> killed = new TreeMap<>();
    Map<AppId, Instant> launched = new TreeMap<>();
    Map<AppId, Integer> launches = new HashMap<>();
    for (Task task : after.tasks()) {
      Task old = before.get(task.id());
      if (old == null) {
        launched.put(task.appId(), task.goal().version());
        launches.merge(task.appId(), 1, Integer::sum);
      } else if (old.goal().wantsRunning()
          && !task.goal().wantsRunning()
          && healthyIds.contains(task.id())) {
        killed.merge(task.appId(), 1, Integer::sum);
      }
    }
    killed.forEach(
        (app, count) -> notTooFew(after.apps().get(app), healthy.getOrDefault(app, 0), count, app));
    launched.forEach(
        (app, version) ->
            notTooMany(
                after.versions().getOrDefault(app, Map.of()).get(version),
                present(app, basis, after, now),
                launches.getOrDefault(app, 0),
                app));
  }

  private static boolean isHealthy(Task task, World world) {
    return task.isRunning()
        && task.isHealthy(world.specOf(task).map(spec -> spec.healthChecks().size()).orElse(0));
  }

  private static void notTooFew(
      @org.jspecify.annotations.Nullable AppSpec spec, int healthy, int killed, AppId app) {
    if (spec == null) {
      return;
    }
    int minimum = Upgrade.minHealthy(spec.instances(), spec.upgradeStrategy());
    if (healthy - killed < Math.min(healthy, minimum)) {
      throw new BrokenInvariant(
          app + ": " + killed + " of " + healthy + " healthy tasks killed, minimum " + minimum);
    }
  }

  /** Tasks of the app that were there and count. */
  private static int present(AppId app, World basis, World after, Instant now) {
    Map<TaskId, Task> latest = new HashMap<>();
    after.tasks().forEach(task -> latest.put(task.id(), task));
    int present = 0;
    for (Task task : basis.tasks()) {
      if (task.appId().equals(app)
          && task.isActive()
          && !isAway(task, basis, now)
          && !isAway(latest.getOrDefault(task.id(), task), after, now)) {
        present++;
      }
    }
    return present;
  }

  private static boolean isAway(Task task, World world, Instant now) {
    UnreachableStrategy strategy =
        world.specOf(task).map(AppSpec::unreachableStrategy).orElse(UnreachableStrategy.DEFAULT);
    return task.state() == TaskState.UNREACHABLE
        && !strategy.disabled()
        && !task.seen().since().plusSeconds(strategy.inactiveAfterSeconds()).isAfter(now);
  }

  private static void notTooMany(
      @org.jspecify.annotations.Nullable AppSpec spec, int present, int launched, AppId app) {
    if (spec == null) {
      throw new BrokenInvariant(app + ": launched from a version that is not stored");
    }
    int maximum = Upgrade.maximum(spec.instances(), spec.upgradeStrategy());
    if (Upgrade.minHealthy(spec.instances(), spec.upgradeStrategy()) == maximum) {
      maximum++;
    }
    if (present + launched > maximum) {
      throw new BrokenInvariant(
          app + ": " + launched + " launched beside " + present + ", maximum " + maximum);
    }
  }
}
