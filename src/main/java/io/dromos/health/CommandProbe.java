package io.dromos.health;

import io.dromos.task.TaskId;
import java.io.IOException;
import java.time.Duration;

/** Runs a health check's command where and as the task runs. */
@FunctionalInterface
public interface CommandProbe {
  /**
   * @return exit status of the command
   * @throws IOException when it could not be run or did not end in time; the message is the cause
   */
  int run(TaskId id, String command, Duration timeout) throws IOException, InterruptedException;
}
