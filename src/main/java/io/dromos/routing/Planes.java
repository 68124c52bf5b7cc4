package io.dromos.routing;

import io.dromos.task.TaskId;
import java.util.Collection;
import java.util.Map;

/** The data planes of this node, as the loops see them. */
public interface Planes {
  /**
   * Takes a task that was seen dead out of the current snapshot at once, without waiting for the
   * database. Idempotent.
   */
  void withdraw(TaskId task);

  /** As {@link #withdraw(TaskId)}, for all of them in one snapshot. */
  default void withdraw(Collection<TaskId> tasks) {
    tasks.forEach(this::withdraw);
  }

  /** Lowest store revision that every live plane serves. */
  long servedRevision();

  /** One line per plane: {@code serves 42}, or why it is degraded and the fix. */
  Map<String, String> reports();
}
