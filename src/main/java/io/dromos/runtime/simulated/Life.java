package io.dromos.runtime.simulated;

import io.dromos.runtime.RuntimeStatus;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One simulated task: what became of it at any instant follows from its script, from when it was
 * launched and from when it was asked to stop. So nothing has to happen for it to go on, and a
 * restart of Dromos doesn't interrupt it.
 *
 * @param stopAt when it was asked to stop; null while it wasn't
 * @param grace what it was given for that
 */
record Life(
    TaskId id, Script script, Instant launchedAt, @Nullable Instant stopAt, Duration grace) {
  private static final String RUNTIME_ID = "simulated";

  /** Exit codes of a process that ended by SIGTERM, and by SIGKILL. */
  private static final int TERMINATED = 143;

  private static final int KILLED = 137;

  static Life begun(TaskId id, Script script, Instant now) {
    return new Life(id, script, now, null, Duration.ZERO);
  }

  /** The first request counts. */
  Life stopped(Instant now, Duration newGrace) {
    return stopAt == null ? new Life(id, script, launchedAt, now, newGrace) : this;
  }

  RuntimeStatus at(Instant now) {
    Instant starts = launchedAt.plus(script.start());
    if (stopAt != null && stopAt.isBefore(starts)) {
      return new RuntimeStatus.Ended(stopAt, null, "Stopped before it was started");
    }
    if (now.isBefore(starts)) {
      return new RuntimeStatus.Preparing("");
    }
    if (isScripted() && script.launch() != Script.Launch.OK) {
      return new RuntimeStatus.Failed(
          starts,
          script.launch() == Script.Launch.REFUSE,
          "The script of the simulated task says launch="
              + script.launch().name().toLowerCase(java.util.Locale.ROOT));
    }
    Instant exits = exitsAt(starts);
    Instant dies = diesAt();
    if (exits != null && !now.isBefore(exits) && (dies == null || !dies.isBefore(exits))) {
      return ended(exits, script.exit());
    }
    if (dies != null && !now.isBefore(dies)) {
      return ended(dies, script.stop().compareTo(grace) <= 0 ? TERMINATED : KILLED);
    }
    return new RuntimeStatus.Running(starts, RUNTIME_ID);
  }

  /** When {@link #at} answers something else than now, if ever. */
  Optional<Instant> nextChange(Instant now) {
    Instant starts = launchedAt.plus(script.start());
    RuntimeStatus status = at(now);
    if (status instanceof RuntimeStatus.Preparing) {
      return Optional.of(starts);
    }
    if (!(status instanceof RuntimeStatus.Running)) {
      return Optional.empty();
    }
    Instant exits = exitsAt(starts);
    Instant dies = diesAt();
    return exits == null || (dies != null && dies.isBefore(exits))
        ? Optional.ofNullable(dies)
        : Optional.of(exits);
  }

  /** What a health check finds. */
  boolean isHealthy(Instant now) {
    if (!(at(now) instanceof RuntimeStatus.Running running)) {
      return false;
    }
    Duration age = Duration.between(running.startedAt(), now);
    Duration sick = script.sick();
    return age.compareTo(script.healthy()) >= 0 && (sick == null || age.compareTo(sick) < 0);
  }

  private @Nullable Instant exitsAt(Instant starts) {
    Duration run = script.run();
    return run == null || !isScripted() ? null : starts.plus(run);
  }

  private @Nullable Instant diesAt() {
    return stopAt == null
        ? null
        : stopAt.plus(script.stop().compareTo(grace) <= 0 ? script.stop() : grace);
  }

  /** True for the share of the tasks that ends by itself. */
  private boolean isScripted() {
    return Math.floorMod(id.value().hashCode(), 100) < script.odds();
  }

  private static RuntimeStatus ended(Instant at, int code) {
    return new RuntimeStatus.Ended(at, code, "Command exited with status " + code + " (simulated)");
  }
}
