package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.task.HealthResult;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When unhealthy tasks are stopped. One that was healthy before gets its replacement first, where
 * the app may exceed its count and an agent has room; where not, one after the other is stopped.
 * One that never was healthy, or that a deployment moves, or has waited long enough, is stopped at
 * once.
 */
final class HealthKills {
  private record Sick(Task task, String why, Instant since) {}

  private final World world;
  private final Instant now;
  private final HealthLimits limits;
  private final Arrival arrival;
  private final Map<AppId, List<Sick>> waiting = new HashMap<>();
  private @Nullable MassFailure mass;

  HealthKills(World world, Instant now, HealthLimits limits, Arrival arrival) {
    this.world = world;
    this.now = now;
    this.limits = limits;
    this.arrival = arrival;
  }

  /** True when so many tasks turned at once that none is killed for it. */
  boolean isHeld(Task task) {
    MassFailure known = mass;
    if (known == null) {
      known = MassFailure.of(world, limits);
      mass = known;
    }
    return known.holds(task).isPresent();
  }

  /** Tells of mass failures, if anybody was held because of one. */
  List<Action> holds() {
    return mass == null ? List.of() : List.copyOf(mass.all());
  }

  /** True when the task is to be replaced before it is stopped, and is noted for that. */
  boolean isReplacedFirst(Task task, String why) {
    Instant since = exceededAt(task);
    if (since == null
        || !since.plus(limits.replaceFirst()).isAfter(now)
        || task.seen().health().stream().anyMatch(result -> result.firstSuccess() == null)) {
      return false;
    }
    waiting.computeIfAbsent(task.appId(), id -> new ArrayList<>()).add(new Sick(task, why, since));
    return true;
  }

  /**
   * Who of the noted tasks of an app is stopped now.
   *
   * @param tasks with the noted ones among the stopping
   * @param launches replacements that may be started now
   */
  List<Action> decide(AppCourse course, AppTasks tasks, int launches) {
    List<Sick> sick = new ArrayList<>(waiting.getOrDefault(course.id(), List.of()));
    if (sick.isEmpty()) {
      return List.of();
    }
    sick.sort(Comparator.comparing(Sick::since).thenComparing(one -> one.task().id()));
    AppSpec spec = course.spec();
    boolean steady =
        course.mode() == AppCourse.Mode.SETTLED
            || course.mode() == AppCourse.Mode.SCALE
            || course.mode() == AppCourse.Mode.HOLD;
    boolean arrived = tasks.wanted().stream().allMatch(arrival::hasArrived);
    if (spec == null || !steady || (tasks.wanted().size() >= spec.instances() && arrived)) {
      return sick.stream().map(HealthKills::kill).toList();
    }
    boolean noRoom =
        tasks.wanted().size() < spec.instances() && (launches == 0 || isRefused(course.id()));
    List<Action> decided = new ArrayList<>();
    if (noRoom && arrived && !isOneGoing(tasks)) {
      decided.add(kill(sick.remove(0)));
    }
    sick.forEach(one -> decided.add(new Action.LookAgain(one.since().plus(limits.replaceFirst()))));
    return decided;
  }

  private boolean isRefused(AppId app) {
    return world.queued(app).map(entry -> entry.lastRefusal() != null).orElse(false);
  }

  private static boolean isOneGoing(AppTasks tasks) {
    return tasks.stopping().stream().anyMatch(task -> task.goal().kill() == KillReason.UNHEALTHY);
  }

  private static Action kill(Sick sick) {
    return new Action.Kill(sick.task(), KillReason.UNHEALTHY, sick.why());
  }

  /** When the first check failed more often than it may. */
  private @Nullable Instant exceededAt(Task task) {
    List<HealthCheck> checks = world.specOf(task).map(AppSpec::healthChecks).orElse(List.of());
    List<HealthResult> results = task.seen().health();
    Instant first = null;
    for (int i = 0; i < Math.min(checks.size(), results.size()); i++) {
      HealthCheck check = checks.get(i);
      Instant since = MassFailure.failingSince(results.get(i), check);
      int allowed = check.maxConsecutiveFailures();
      if (since != null && allowed > 0 && results.get(i).consecutiveFailures() > allowed) {
        Instant at = since.plusSeconds((long) allowed * Math.max(1, check.intervalSeconds()));
        first = first == null || at.isBefore(first) ? at : first;
      }
    }
    return first;
  }
}
