package io.dromos.agent;

import io.dromos.task.Task;
import java.util.List;

/** The tasks that an agent loop looks after. */
@FunctionalInterface
interface PlacedTasks {
  /** All of them, as the store has them now; called inside a transaction. */
  List<Task> read();
}
