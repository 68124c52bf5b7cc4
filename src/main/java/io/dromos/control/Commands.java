package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.deployment.DeploymentStep;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a user can ask for. Each call is one transaction; nothing has been started when it
 * returns.
 */
public interface Commands {
  /** Changes the app tree and stores the deployment that leads there. */
  CommandResult change(Change change, CommandContext context);

  /** What {@link #change} would do now, nothing of which is stored; locks are not asked about. */
  Forecast forecast(Change change);

  /** What a change would lead to. */
  sealed interface Forecast {
    /** The deployment's steps. */
    record Steps(List<DeploymentStep> steps) implements Forecast {
      public Steps {
        steps = List.copyOf(steps);
      }
    }

    record Refused(Rejection rejection) implements Forecast {}
  }

  /**
   * Kills tasks; replacements start. Unknown ids are skipped.
   *
   * @return the tasks as they were
   */
  List<Task> kill(Set<TaskId> ids, boolean wipe, CommandContext context);

  /** Kills tasks and lowers {@code instances} of their apps by as many. */
  CommandResult killAndScale(Set<TaskId> ids, CommandContext context);

  /** Reverts a running deployment by a new, forced one. */
  CommandResult rollBack(String deploymentId, CommandContext context);

  /** Stops working on a deployment and leaves everything as it is. */
  Optional<Rejection> abandon(String deploymentId, CommandContext context);

  /** Ends the launch delay of an app that waits in the queue. */
  Optional<Rejection> resetDelay(AppId app, CommandContext context);
}
