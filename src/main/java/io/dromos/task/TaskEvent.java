package io.dromos.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something an agent saw happen to a task. */
public sealed interface TaskEvent {
  Instant at();

  /** The agent took the task up: pulling, fetching. */
  record Starting(Instant at, String message) implements TaskEvent {}

  /** The process or container is up; {@code addresses} are its own, if it has any. */
  record Started(Instant at, String runtimeId, List<String> addresses) implements TaskEvent {
    public Started {
      addresses = List.copyOf(addresses);
    }

    /** A task that shares the addresses of its machine. */
    public Started(Instant at, String runtimeId) {
      this(at, runtimeId, List.of());
    }
  }

  /** A stop was asked for and the process is still there. */
  record Stopping(Instant at) implements TaskEvent {}

  /** The process ended; {@code exitCode} is null when nobody could read it. */
  record Exited(Instant at, @Nullable Integer exitCode, boolean wasAskedToStop, String message)
      implements TaskEvent {}

  /** It could not be started; {@code permanent} when trying the same again cannot help. */
  record LaunchFailed(Instant at, boolean permanent, String message) implements TaskEvent {}

  /** The runtime has no trace of a task that should be there. */
  record Vanished(Instant at, String message) implements TaskEvent {}

  /** New results of the health checks. */
  record Probed(Instant at, List<HealthResult> results) implements TaskEvent {
    public Probed {
      results = List.copyOf(results);
    }
  }

  /** New results of the readiness checks. */
  record ReadinessProbed(Instant at, List<ReadinessResult> results) implements TaskEvent {
    public ReadinessProbed {
      results = List.copyOf(results);
    }
  }

  /** The agent stopped reporting; decided by the leader. */
  record AgentLost(Instant at) implements TaskEvent {}
}
