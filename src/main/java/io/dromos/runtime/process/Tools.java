package io.dromos.runtime.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The programs of the machine that tasks are started with.
 *
 * @param shell runs {@code cmd} and the supervisor
 * @param env gives a task its environment and nothing else
 * @param setsid gives a task a session of its own (util-linux)
 * @param setpriv runs a task as another user (util-linux)
 * @param unshare starts a task in a mount namespace of its own (util-linux)
 * @param mount changes a file there
 */
record Tools(
    Path shell,
    Path env,
    Optional<Path> setsid,
    Optional<Path> setpriv,
    Optional<Path> unshare,
    Optional<Path> mount) {
  /** Looks them up in {@code path}, a list of directories such as {@code PATH}. */
  static Tools find(String path) {
    return new Tools(
        Path.of("/bin/sh"),
        search(path, "env").orElse(Path.of("/usr/bin/env")),
        search(path, "setsid"),
        search(path, "setpriv"),
        search(path, "unshare"),
        search(path, "mount"));
  }

  private static Optional<Path> search(String path, String program) {
    for (String directory : (path + ":/usr/sbin:/usr/bin:/sbin:/bin").split(File.pathSeparator)) {
      if (directory.startsWith("/")) {
        Path candidate = Path.of(directory, program);
        if (Files.isExecutable(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }
}
