package io.dromos.runtime.docker;

import io.dromos.runtime.LogLimits;
import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the output of every container flowing into its sandbox, from where it was left. */
final class ContainerLogs {
  private static final Logger LOG = System.getLogger(ContainerLogs.class.getName());
  private static final long LAST_LINES_SECONDS = 5;

  private final Engine engine;
  private final Sandboxes sandboxes;
  private final Path states;
  private final LogLimits limits;
  private final Executor workers;

  /** Positions are kept in {@code <data dir>/containers/<task id>}. */
  ContainerLogs(Engine engine, Sandboxes sandboxes, LogLimits limits, Executor workers) {
    this.engine = engine;
    this.sandboxes = sandboxes;
    this.states = sandboxes.root().resolveSibling("containers");
    this.limits = limits;
    this.workers = workers;
  }

  /** Opens the stream if it isn't open; of an ended container once, to get its last lines. */
  void follow(TaskId id, @Nullable DockerTask task, boolean running) throws IOException {
    if (task == null) {
      return;
    }
    synchronized (task) {
      String container = task.container();
      if (container != null) {
        follow(id, task, container, running);
      }
    }
  }

  private void follow(TaskId id, DockerTask task, String container, boolean running)
      throws IOException {
    LogFollower current = task.follower();
    if (current != null && (current.isOpen() || !running)) {
      current.save();
      return;
    }
    Path state = Files.createDirectories(state(id));
    ContainerLog log = new ContainerLog(sandboxes.create(id), state.resolve("position"), limits);
    LogFollower next = new LogFollower(engine, container, log);
    task.follow(next);
    workers.execute(next);
  }

  /** Waits for the last lines of a container that is about to be removed. */
  void finish(TaskId id, DockerTask task) throws InterruptedException {
    LogFollower follower = task.follower();
    if (follower != null && !follower.await(LAST_LINES_SECONDS, TimeUnit.SECONDS)) {
      LOG.log(Level.WARNING, "{0}: the end of its output did not come", id);
    }
    task.unfollow();
  }

  void forget(TaskId id) throws IOException {
    Sandboxes.deleteTree(state(id));
  }

  private Path state(TaskId id) {
    // Named like the sandbox, so that the same ids are refused.
    return states.resolve(String.valueOf(sandboxes.of(id).getFileName()));
  }
}
