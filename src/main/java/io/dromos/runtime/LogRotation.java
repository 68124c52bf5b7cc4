package io.dromos.runtime;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a growing log file within its limits.
 *
 * <p>A process holds its output open in append mode, so its file is copied and then truncated: the
 * writer goes on at the new end without noticing. Bytes written in the instant between the last
 * copy and the truncation are lost, as with logrotate's {@code copytruncate}. A file that we alone
 * write is moved away instead. Symbolic links are never followed: the sandbox belongs to the task.
 */
public final class LogRotation {
  private LogRotation() {}

  /** Rotates a file that a process holds open, if it is due. */
  public static boolean copyAndTruncate(Path file, LogLimits limits) throws IOException {
    if (!isDue(file, limits)) {
      return false;
    }
    makeRoom(file, limits);
    try (FileChannel source = FileChannel.open(file, READ, WRITE, NOFOLLOW_LINKS)) {
      if (limits.files() > 0) {
        try (FileChannel copy =
            FileChannel.open(rotated(file, 1), CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS)) {
          long done = 0;
          // A writer that is faster than the copy must not keep us here for ever.
          long end = source.size() + limits.maxBytes();
          while (done < Math.min(source.size(), end)) {
            done += source.transferTo(done, source.size() - done, copy);
          }
        }
      }
      source.truncate(0);
    }
    return true;
  }

  /** Moves away a file that only the caller writes, if it is due; the caller opens a new one. */
  public static boolean move(Path file, LogLimits limits) throws IOException {
    if (!isDue(file, limits)) {
      return false;
    }
    makeRoom(file, limits);
    if (limits.files() > 0) {
      Files.move(file, rotated(file, 1), StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(file);
    }
    return true;
  }

  private static boolean isDue(Path file, LogLimits limits) throws IOException {
    return Files.isRegularFile(file, NOFOLLOW_LINKS) && Files.size(file) >= limits.maxBytes();
  }

  private static void makeRoom(Path file, LogLimits limits) throws IOException {
    for (int i = limits.files() - 1; i >= 1; i--) {
      Path from = rotated(file, i);
      if (Files.exists(from, NOFOLLOW_LINKS)) {
        Files.move(from, rotated(file, i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (limits.files() > 0) {
      Files.deleteIfExists(rotated(file, 1));
    }
  }

  private static Path rotated(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }
}
