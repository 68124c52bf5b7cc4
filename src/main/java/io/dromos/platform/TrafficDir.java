package io.dromos.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where server and traffic process meet: {@code traffic} under the data directory, closed to other
 * users. The launcher says that there is such a process; the application, whose loader asks its
 * parent first, reads it here. On a server that was not started by the launcher nobody says so.
 *
 * @param files of the traffic process: its last snapshot, settings and libraries
 * @param sockets the same directory, or a shorter one where that name is too long for a socket
 */
public record TrafficDir(Path files, Path sockets) {
  /** The kernel's limit is 108 bytes with the final zero. */
  private static final int LONGEST_SOCKET = 100;

  private static final AtomicReference<@Nullable TrafficDir> IN_USE = new AtomicReference<>();

  public static TrafficDir of(Path dataDir) {
    Path files = dataDir.resolve("traffic");
    if (length(files.resolve("handover.sock.new")) <= LONGEST_SOCKET) {
      return new TrafficDir(files, files);
    }
    CRC32 name = new CRC32();
    name.update(files.toString().getBytes(StandardCharsets.UTF_8));
    return new TrafficDir(
        files,
        Path.of(
            System.getProperty("java.io.tmpdir", "/tmp"),
            "dromos-" + System.getProperty("user.name") + "-" + Long.toHexString(name.getValue())));
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Makes the directories, for this user alone.
   *
   * @throws IOException also when somebody else made them
   */
  public void create() throws IOException {
    for (Path directory : java.util.List.of(files, sockets)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** The traffic process answers here; it is replaced together with the process. */
  public Path control() {
    return sockets.resolve("control.sock");
  }

  /** Its successor asks here for the listening sockets. */
  public Path handover() {
    return sockets.resolve("handover.sock");
  }

  /** The process id of the one that serves. */
  public Path pid() {
    return files.resolve("pid");
  }

  public Path snapshot() {
    return files.resolve("routes");
  }

  /** What a process was started with, by a name that changes with it. */
  public Path settings(String identity) {
    return files.resolve("settings-" + identity + ".properties");
  }

  /** Said by the launcher: the planes of this node run in a process of their own. */
  public static void use(TrafficDir directory) {
    IN_USE.set(directory);
  }

  /** Empty in a server that was not started by the launcher. */
  public static Optional<TrafficDir> inUse() {
    return Optional.ofNullable(IN_USE.get());
  }
}
