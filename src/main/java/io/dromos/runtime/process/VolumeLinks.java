package io.dromos.runtime.process;

import io.dromos.app.AppSpec;
import io.dromos.app.Container;
import io.dromos.runtime.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Host volumes of a plain process: a link in its sandbox for each. The process has the machine's
 * own files, so there is nothing to mount, and nothing that could keep it from writing.
 */
final class VolumeLinks {
  private VolumeLinks() {}

  /** Makes the links; a repeat finds them there. */
  static void make(AppSpec app, Path sandbox) throws LaunchException, IOException {
    Container container = app.container();
    if (container == null) {
      return;
    }
    for (Container.Volume volume : container.volumes()) {
      // A relative host path means the sandbox itself, as with Docker.
      Path target = sandbox.resolve(volume.hostPath()).normalize();
      Path link = sandbox.resolve(volume.containerPath()).normalize();
      if (!Files.exists(target)) {
        throw new LaunchException(
            true, "volumes: " + volume.hostPath() + " does not exist on this machine");
      }
      if (!link.equals(target)) {
        link(link, target, sandbox);
      }
    }
  }

  private static void link(Path link, Path target, Path sandbox)
      throws LaunchException, IOException {
    Path parent = link.getParent();
    if (parent == null || !link.startsWith(sandbox) || link.equals(sandbox)) {
      throw new LaunchException(true, "volumes: " + link + " lies outside the sandbox");
    }
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return;
    }
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      throw new LaunchException(
          true, "volumes: " + sandbox.relativize(link) + " is in the sandbox already");
    }
    Files.createDirectories(parent);
    Files.createSymbolicLink(link, target);
  }
}
