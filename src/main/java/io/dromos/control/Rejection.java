package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.Violation;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;

/** Why a request was refused. A value, not an exception; {@code api} owns wording and status. */
public sealed interface Rejection {
  /** The definition breaks rules: 422 with a path per violation. */
  record Invalid(List<Violation> violations) implements Rejection {
    public Invalid {
      violations = List.copyOf(violations);
    }
  }

  record AppNotFound(AppId id) implements Rejection {}

  record VersionNotFound(AppId id, Instant version) implements Rejection {}

  record TaskNotFound(TaskId id) implements Rejection {}

  record DeploymentNotFound(String id) implements Rejection {}

  record NotQueued(AppId id) implements Rejection {}

  /** An app of this id exists already. */
  record AppExists(AppId id) implements Rejection {}

  record GroupNotFound(AppId id) implements Rejection {}

  /** A group of this id exists already. */
  record GroupExists(AppId id) implements Rejection {}

  /** The id that was to be a group is an app's. */
  record GroupIsApp(AppId id) implements Rejection {}

  /** Running deployments hold some of the apps. */
  record Locked(List<Holder> holders) implements Rejection {
    /** A deployment, and what it is doing as sentences. */
    public record Holder(String deployment, String words) {}

    public Locked {
      holders = List.copyOf(holders);
    }

    public List<String> deployments() {
      return holders.stream().map(Holder::deployment).toList();
    }
  }

  /** Every service port of the range is taken. */
  record ServicePortsExhausted(int from, int to) implements Rejection {}
}
