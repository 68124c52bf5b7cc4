package io.dromos.runtime;

import io.dromos.task.TaskId;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the files of tasks on this node are. */
public class Sandboxes {
  /** Where a container sees its sandbox, as on Mesos. */
  public static final String IN_CONTAINER = "/mnt/mesos/sandbox";

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

  /**
   * A regular file inside a sandbox; empty when it does not exist or lies outside. Links are
   * resolved first: a task must not be able to show files of the machine through its sandbox.
   */
  public Optional<Path> file(TaskId id, String relative) {
    return inside(id, relative).filter(Files::isRegularFile);
  }

  /** As {@link #file}, for whatever there is: a file, a directory, the sandbox itself. */
  public Optional<Path> inside(TaskId id, String relative) {
    try {
      Path sandbox = of(id).toRealPath();
      Path file = sandbox.resolve(relative).toRealPath();
      return file.startsWith(sandbox) ? Optional.of(file) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      // Not there, or no name that a file could have.
      return Optional.empty();
    }
  }

  /** Makes the sandbox of a task, if it is not there yet. */
  public Path create(TaskId id) throws IOException {
    return Files.createDirectories(of(id));
  }

  /** Starts the time that an ended task's sandbox is kept for. */
  public void markEnded(TaskId id, Instant now) throws IOException {
    Path sandbox = of(id);
    if (Files.isDirectory(sandbox)) {
      Files.setLastModifiedTime(sandbox, FileTime.from(now));
    }
  }

  /** Sandboxes that nothing has happened to since {@code before}. */
  public List<TaskId> untouchedSince(Instant before) throws IOException {
    List<TaskId> found = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (var entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry).toInstant().isBefore(before)) {
          found.add(new TaskId(String.valueOf(entry.getFileName())));
        }
      }
    }
    return found;
  }

  /** Deletes a sandbox with everything in it; links are deleted, not followed. */
  public void delete(TaskId id) throws IOException {
    deleteTree(of(id));
  }

  /** Deletes a directory and everything below it; nothing happens when it does not exist. */
  public static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
