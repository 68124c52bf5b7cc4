package io.dromos.api;

import io.dromos.app.AppSpec;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts and life times of an app's tasks by the definition they run. A bucket without tasks is
 * left out.
 */
public record TaskStatsJson(
    @Nullable BucketJson startedAfterLastScaling,
    @Nullable BucketJson withLatestConfig,
    @Nullable BucketJson withOutdatedConfig,
    @Nullable BucketJson totalSummary) {
  /** One bucket. */
  public record BucketJson(StatsJson stats) {}

  /** Counts, and life times once a task has started. */
  public record StatsJson(CountsJson counts, @Nullable LifeTimeJson lifeTime) {}

  /** Tasks by state and health, with the counting rules of the app's own counters. */
  public record CountsJson(int staged, int running, int healthy, int unhealthy) {
    static CountsJson of(List<Task> tasks) {
      return new CountsJson(
          count(tasks, t -> t.state() == TaskState.STAGING),
          count(tasks, Task::isRunning),
          count(tasks, CountsJson::isHealthy),
          count(tasks, t -> t.isActive() && t.isUnhealthy()));
    }

    private static boolean isHealthy(Task task) {
      return task.isActive()
          && task.seen().health().stream().anyMatch(HealthResult::alive)
          && !task.isUnhealthy();
    }

    private static int count(List<Task> tasks, Predicate<Task> rule) {
      return (int) tasks.stream().filter(rule).count();
    }
  }

  /** Seconds since the tasks started. */
  public record LifeTimeJson(double averageSeconds, double medianSeconds) {}

  static TaskStatsJson of(AppSpec app, List<Task> tasks, Instant now) {
    Predicate<Task> latest = t -> !t.goal().version().isBefore(app.lastConfigChangeAt());
    return new TaskStatsJson(
        bucket(tasks, t -> t.goal().stagedAt().isAfter(app.lastScalingAt()), now),
        bucket(tasks, latest, now),
        bucket(tasks, latest.negate(), now),
        bucket(tasks, t -> true, now));
  }

  private static @Nullable BucketJson bucket(List<Task> all, Predicate<Task> rule, Instant now) {
    List<Task> tasks = all.stream().filter(Task::isActive).filter(rule).toList();
    if (tasks.isEmpty()) {
      return null;
    }
    double[] seconds =
        tasks.stream()
            .map(t -> t.seen().startedAt())
            .filter(Objects::nonNull)
            .mapToDouble(at -> Duration.between(at, now).toMillis() / 1000.0)
            .sorted()
            .toArray();
    return new BucketJson(
        new StatsJson(CountsJson.of(tasks), seconds.length == 0 ? null : lifeTime(seconds)));
  }

  private static LifeTimeJson lifeTime(double[] sorted) {
    double sum = 0;
    for (double value : sorted) {
      sum += value;
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new LifeTimeJson(sum / sorted.length, median);
  }
}
