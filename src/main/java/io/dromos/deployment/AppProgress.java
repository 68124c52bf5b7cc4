package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.HealthResult;
import io.dromos.task.ReadinessResult;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What keeps one app from having reached its course, in phrases; the most telling first. */
final class AppProgress {
  private final World world;
  private final Instant now;
  private final Arrival arrival;
  private final List<String> phrases = new ArrayList<>();

  AppProgress(World world, Instant now, Arrival arrival) {
    this.world = world;
    this.now = now;
    this.arrival = arrival;
  }

  /** At least one phrase for a course that isn't reached. */
  List<String> words(AppCourse course, AppTasks tasks) {
    AppSpec spec = course.spec();
    if (spec == null || course.mode() == AppCourse.Mode.STOP) {
      leaving(tasks.wanted(), tasks);
      return phrases;
    }
    boolean replacing = course.mode() == AppCourse.Mode.REPLACE && spec.instances() > 0;
    List<Task> old = new ArrayList<>();
    List<Task> fresh = new ArrayList<>();
    for (Task task : tasks.wanted()) {
      (!replacing || AppTasks.runsConfigOf(task, world, spec) ? fresh : old).add(task);
    }
    arrived(spec, fresh, replacing);
    queue(spec.id());
    underway(fresh);
    int missing = spec.instances() - fresh.size();
    if (missing > 0 && queued(spec.id()).isEmpty()) {
      say(
          missing,
          replacing ? "is not started yet" : "is not launched yet",
          replacing ? "are not started yet" : "are not launched yet");
    } else if (missing < 0) {
      say(-missing, "more than wanted is to stop", "more than wanted are to stop");
    }
    if (!old.isEmpty()) {
      say(
          old.size(),
          "old instance goes on until a new one has arrived",
          "old instances go on until new ones have arrived");
    }
    leaving(List.of(), tasks);
    return phrases;
  }

  private void arrived(AppSpec spec, List<Task> fresh, boolean replacing) {
    long there = fresh.stream().filter(arrival::hasArrived).count();
    if (spec.instances() > 0) {
      phrases.add(
          there
              + " of "
              + spec.instances()
              + (replacing ? " new" : "")
              + (spec.instances() == 1 ? " instance has arrived" : " instances have arrived"));
    }
  }

  private void queue(AppId app) {
    queued(app)
        .ifPresent(
            entry -> {
              Instant notBefore = entry.notBefore();
              if (notBefore != null && notBefore.isAfter(now)) {
                int failures = failures(app);
                say(
                    entry.count(),
                    "waits ",
                    "wait ",
                    span(Duration.between(now, notBefore))
                        + " for the launch delay"
                        + (failures == 0
                            ? ""
                            : " after " + failures + (failures == 1 ? " failure" : " failures")));
              } else if (entry.lastRefusal() != null) {
                say(
                    entry.count(),
                    "has no place: ",
                    "have no place: ",
                    stripped(entry.lastRefusal().summary()));
              } else {
                say(entry.count(), "waits for a place", "wait for a place");
              }
            });
  }

  private void underway(List<Task> tasks) {
    List<Task> starting = new ArrayList<>();
    List<Task> unreachable = new ArrayList<>();
    List<Task> unhealthy = new ArrayList<>();
    List<Task> unknown = new ArrayList<>();
    List<Task> unready = new ArrayList<>();
    List<Task> unserved = new ArrayList<>();
    List<Task> ending = new ArrayList<>();
    for (Task task : tasks) {
      if (task.state() == TaskState.STAGING || task.state() == TaskState.STARTING) {
        starting.add(task);
      } else if (task.state() == TaskState.UNREACHABLE) {
        unreachable.add(task);
      } else if (!task.isRunning()) {
        ending.add(task);
      } else if (!arrival.isHealthy(task)) {
        (task.isUnhealthy() ? unhealthy : unknown).add(task);
      } else if (!arrival.isReady(task)) {
        unready.add(task);
      } else if (!arrival.hasArrived(task)) {
        unserved.add(task);
      }
    }
    oldest(starting).ifPresent(task -> starting(starting.size(), task));
    oldest(unhealthy)
        .ifPresent(
            t ->
                say(
                    unhealthy.size(),
                    "fails its health check",
                    "fail their health checks",
                    " (" + t.id() + ": " + healthCause(t) + ")"));
    oldest(unknown)
        .ifPresent(
            t ->
                say(
                    unknown.size(),
                    "has passed no health check yet",
                    "have passed no health check yet",
                    " (" + t.id() + " runs for " + since(t.seen().since()) + ")"));
    oldest(unready)
        .ifPresent(
            t ->
                say(
                    unready.size(),
                    "is not ready",
                    "are not ready",
                    " (" + t.id() + ": " + readinessCause(t) + ")"));
    oldest(unserved)
        .ifPresent(
            t ->
                say(
                    unserved.size(),
                    "is not served by every data plane yet",
                    "are not served by every data plane yet"));
    oldest(unreachable)
        .ifPresent(
            t ->
                say(
                    unreachable.size(),
                    "is unreachable",
                    "are unreachable",
                    " (agent "
                        + t.goal().agent()
                        + " is silent for "
                        + since(t.seen().since())
                        + ")"));
    oldest(ending).ifPresent(t -> say(ending.size(), "is ending", "are ending"));
  }

  private void starting(int count, Task longest) {
    String message = stripped(longest.seen().message());
    say(
        count,
        "is starting",
        "are starting",
        " ("
            + longest.id()
            + " for "
            + since(longest.goal().stagedAt())
            + (message.isEmpty() ? "" : ": " + message)
            + ")");
  }

  /** Instances that go, and the one that takes longest. */
  private void leaving(List<Task> stillWanted, AppTasks tasks) {
    List<Task> leaving = new ArrayList<>(stillWanted);
    leaving.addAll(tasks.stopping());
    if (!stillWanted.isEmpty() || phrases.isEmpty()) {
      leaving.addAll(tasks.away());
    }
    oldest(leaving)
        .ifPresent(
            task -> {
              Instant killAt = task.goal().killAt();
              say(
                  leaving.size(),
                  "has to stop",
                  "have to stop",
                  killAt == null ? "" : " (" + task.id() + " asked " + since(killAt) + " ago)");
            });
  }

  private String healthCause(Task task) {
    HealthResult worst =
        task.seen().health().stream()
            .filter(result -> !result.alive())
            .max(Comparator.comparingInt(HealthResult::consecutiveFailures))
            .orElse(HealthResult.UNKNOWN);
    String cause = worst.lastFailureCause();
    return (cause == null ? "no answer" : stripped(cause))
        + ", "
        + worst.consecutiveFailures()
        + " in a row";
  }

  private static String readinessCause(Task task) {
    for (ReadinessResult result : task.seen().readiness()) {
      if (!result.ready()) {
        ReadinessResult.LastResponse response = result.lastResponse();
        return "check '"
            + result.name()
            + "'"
            + (response == null ? " says no" : " answers " + response.status());
      }
    }
    return "not asked yet";
  }

  private Optional<QueueEntry> queued(AppId app) {
    return world.queued(app).filter(entry -> entry.count() > 0);
  }

  private int failures(AppId app) {
    return world.delayOf(app).map(LaunchDelay::failures).orElse(0);
  }

  private static Optional<Task> oldest(Collection<Task> tasks) {
    return tasks.stream()
        .min(Comparator.comparing((Task task) -> task.goal().stagedAt()).thenComparing(Task::id));
  }

  private void say(int count, String one, String several) {
    say(count, one, several, "");
  }

  private void say(int count, String one, String several, String more) {
    phrases.add(count + " " + (count == 1 ? one : several) + more);
  }

  private String since(Instant instant) {
    return span(Duration.between(instant, now));
  }

  private static String stripped(String sentence) {
    return sentence.strip().replaceAll("[.\\s]+$", "");
  }

  /** {@code 42 s}, {@code 5 min}, {@code 3 h}. */
  static String span(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
