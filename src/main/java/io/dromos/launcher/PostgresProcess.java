package io.dromos.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A postmaster as {@code postmaster.pid} describes it.
 *
 * @param pid process id of the postmaster
 * @param port it listens on
 */
record PostgresProcess(long pid, int port) {
  private static final Path PROC = Path.of("/proc");

  /** What the pid file of {@code cluster} says; empty when there is none or it is half written. */
  static Optional<PostgresProcess> read(Path cluster) throws IOException {
    try {
      List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
      return lines.size() < 4
          ? Optional.empty()
          : Optional.of(
              new PostgresProcess(
                  Long.parseLong(lines.get(0).strip()), Integer.parseInt(lines.get(3).strip())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether any process of the cluster is left, the postmaster's children included: all of them
   * have the data directory as their working directory. A pid file alone proves nothing, since
   * after a reboot its number may belong to anybody.
   */
  static boolean anyIn(Path cluster) throws IOException {
    Path real = cluster.toRealPath();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        if (worksIn(entry, real)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Alive and a postmaster of {@code cluster}. */
  boolean isOf(Path cluster) throws IOException {
    return worksIn(PROC.resolve(String.valueOf(pid)), cluster.toRealPath());
  }

  private static boolean worksIn(Path process, Path directory) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(directory);
    } catch (IOException e) {
      // Gone, a zombie, or somebody else's.
      return false;
    }
  }

  /** Sends a signal by the shell's builtin: images without procps have no kill program. */
  void signal(String name) throws IOException {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
            .redirectErrorStream(true)
            .start();
    try {
      kill.getInputStream().readAllBytes();
      kill.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
