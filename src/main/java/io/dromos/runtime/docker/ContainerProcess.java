package io.dromos.runtime.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The main process of a container, where this machine can see it. A busy Engine tells of an exit
 * after hundreds of milliseconds; {@code /proc} shows it at once.
 */
final class ContainerProcess {
  private ContainerProcess() {}

  /**
   * The directory in {@code /proc} that is there as long as the process is; null when the pid means
   * nothing here, as with an Engine on another machine or outside our pid namespace.
   */
  static @Nullable Path find(@Nullable Long pid, String container) {
    if (pid == null || pid <= 0) {
      return null;
    }
    Path process = Path.of("/proc", String.valueOf(pid));
    try {
      String groups = Files.readString(process.resolve("cgroup"), StandardCharsets.ISO_8859_1);
      return groups.contains(container) ? process : null;
    } catch (IOException e) {
      return null;
    }
  }
}
