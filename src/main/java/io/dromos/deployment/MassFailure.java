package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices that many health checks turned at the same time: then it is more likely that the machine
 * that probes, or something all tasks need, has a problem than that all of them do, and killing
 * them would make it an outage. Looked for in the whole cluster, and on each agent alone, because
 * each agent probes its own tasks.
 */
public final class MassFailure {
  /**
   * Turned together means within the longest interval of their checks, and at least within this.
   */
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);

  /** What is not on one agent but everywhere. */
  private static final String EVERYWHERE = "";

  /** A task that was healthy and is not any more. */
  private record Flip(Instant at, Duration interval) {}

  /** Scope to what there is to say of it. */
  private final Map<String, Action.HoldHealthKills> held = new TreeMap<>();

  private MassFailure(World world, HealthLimits limits) {
    Map<String, Integer> watched = new HashMap<>();
    Map<String, List<Flip>> flips = new HashMap<>();
    for (Task task : world.tasks()) {
      List<HealthCheck> checks = world.specOf(task).map(AppSpec::healthChecks).orElse(List.of());
      if (task.isRunning() && !checks.isEmpty() && wasHealthy(task)) {
        Optional<Flip> flip = flip(task, checks);
        for (String scope : List.of(EVERYWHERE, task.goal().agent())) {
          watched.merge(scope, 1, Integer::sum);
          flip.ifPresent(f -> flips.computeIfAbsent(scope, s -> new ArrayList<>()).add(f));
        }
      }
    }
    look(EVERYWHERE, flips.getOrDefault(EVERYWHERE, List.of()), watched, limits);
    if (held.isEmpty()) {
      flips.forEach((scope, all) -> look(scope, all, watched, limits));
    }
  }

  /** Looks at every task: to be asked only when there is somebody to kill. */
  public static MassFailure of(World world, HealthLimits limits) {
    return new MassFailure(world, limits);
  }

  /** Why an unhealthy task is not killed now, in a sentence; empty when it may be. */
  public Optional<String> holds(Task task) {
    return Optional.ofNullable(held.get(EVERYWHERE))
        .or(() -> Optional.ofNullable(held.get(task.goal().agent())))
        .map(Action.HoldHealthKills::why);
  }

  /** One for each scope where kills because of health stop. */
  List<Action.HoldHealthKills> all() {
    return List.copyOf(held.values());
  }

  private void look(
      String scope, List<Flip> flips, Map<String, Integer> watchedIn, HealthLimits limits) {
    int watched = watchedIn.getOrDefault(scope, 0);
    int together = together(flips);
    boolean mass =
        limits.massShare() > 0
            && together >= limits.massMinimum()
            && together >= limits.massShare() * watched;
    if (mass) {
      String agent = scope.equals(EVERYWHERE) ? null : scope;
      held.put(scope, new Action.HoldHealthKills(agent, together, watched));
    }
  }

  /** The largest number that turned within one interval. */
  private static int together(List<Flip> flips) {
    List<Flip> ordered = new ArrayList<>(flips);
    ordered.sort(Comparator.comparing(Flip::at));
    Duration window =
        flips.stream()
            .map(Flip::interval)
            .filter(interval -> interval.compareTo(SHORTEST_WINDOW) > 0)
            .max(Comparator.naturalOrder())
            .orElse(SHORTEST_WINDOW);
    int most = 0;
    int first = 0;
    for (int last = 0; last < ordered.size(); last++) {
      while (ordered.get(first).at().plus(window).isBefore(ordered.get(last).at())) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  private static boolean wasHealthy(Task task) {
    return !task.seen().health().isEmpty()
        && task.seen().health().stream().allMatch(result -> result.firstSuccess() != null);
  }

  private static Optional<Flip> flip(Task task, List<HealthCheck> checks) {
    List<HealthResult> results = task.seen().health();
    Flip first = null;
    for (int i = 0; i < Math.min(checks.size(), results.size()); i++) {
      Instant at = failingSince(results.get(i), checks.get(i));
      if (at != null && (first == null || at.isBefore(first.at()))) {
        first = new Flip(at, Duration.ofSeconds(checks.get(i).intervalSeconds()));
      }
    }
    return Optional.ofNullable(first);
  }

  /** When the present row of failures began; probes are an interval apart. */
  static @Nullable Instant failingSince(HealthResult result, HealthCheck check) {
    Instant last = result.lastFailure();
    return last == null || result.consecutiveFailures() == 0
        ? null
        : last.minusSeconds(
            (result.consecutiveFailures() - 1L) * Math.max(1, check.intervalSeconds()));
  }
}
