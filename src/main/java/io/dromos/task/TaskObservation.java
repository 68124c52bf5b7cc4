package io.dromos.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent saw of a task; written by its agent alone.
 *
 * @param since when this state was entered
 * @param startedAt when it was first seen running; null before
 * @param message the runtime's own words, empty when there is nothing to say
 * @param exitCode of an ended process or container
 * @param runtimeId process id or container id
 * @param health one per health check of the app once there is a result, in definition order
 * @param readiness one per readiness check of the app once there is a result, in definition order
 * @param addresses IP addresses of its own; empty for a task that shares its machine's
 * @param revision of the store when the observation last changed
 */
public record TaskObservation(
    TaskId id,
    TaskState state,
    Instant since,
    @Nullable Instant startedAt,
    String message,
    @Nullable Integer exitCode,
    @Nullable String runtimeId,
    List<HealthResult> health,
    List<ReadinessResult> readiness,
    List<String> addresses,
    long revision) {
  public TaskObservation {
    health = List.copyOf(health);
    readiness = List.copyOf(readiness);
    addresses = List.copyOf(addresses);
  }

  /** Where every task begins. */
  public static TaskObservation staging(TaskId id, Instant now) {
    return new TaskObservation(
        id, TaskState.STAGING, now, null, "", null, null, List.of(), List.of(), List.of(), 0);
  }

  public TaskObservation withHealth(List<HealthResult> results) {
    return with(message, results, readiness, revision);
  }

  public TaskObservation withReadiness(List<ReadinessResult> results) {
    return with(message, health, results, revision);
  }

  public TaskObservation withMessage(String words) {
    return with(words, health, readiness, revision);
  }

  public TaskObservation atRevision(long newRevision) {
    return with(message, health, readiness, newRevision);
  }

  private TaskObservation with(
      String words,
      List<HealthResult> healthResults,
      List<ReadinessResult> readinessResults,
      long newRevision) {
    return new TaskObservation(
        id,
        state,
        since,
        startedAt,
        words,
        exitCode,
        runtimeId,
        healthResults,
        readinessResults,
        addresses,
        newRevision);
  }
}
