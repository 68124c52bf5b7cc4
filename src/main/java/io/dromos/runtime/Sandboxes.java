package io.dromos.runtime;

import io.dromos.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files of tasks on this node are. */
public final class Sandboxes {
  private final Path root;

  /** {@code root} is {@code <data dir>/sandboxes}; it need not exist yet. */
  public Sandboxes(Path root) {
    this.root = root;
  }

  public Path root() {
    return root;
  }

  /** The sandbox of a task, whether it exists or not. Ids never contain a path separator. */
  public Path of(TaskId id) {
    Path sandbox = root.resolve(id.value()).normalize();
    if (!root.equals(sandbox.getParent())) {
      throw new IllegalArgumentException("not a task id: " + id);
    }
    return sandbox;
  }

  /** A regular file inside a sandbox; empty when it does not exist or lies outside. */
  public Optional<Path> file(TaskId id, String relative) {
    Path sandbox = of(id);
    Path file = sandbox.resolve(relative).normalize();
    return file.startsWith(sandbox) && Files.isRegularFile(file)
        ? Optional.of(file)
        : Optional.empty();
  }
}
