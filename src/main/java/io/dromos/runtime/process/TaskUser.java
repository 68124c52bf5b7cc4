package io.dromos.runtime.process;

import io.dromos.runtime.LaunchException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a task as the user its definition names; only root may. */
final class TaskUser {
  private TaskUser() {}

  /**
   * The words to put before the task's own command line: nothing for our own user.
   *
   * @throws LaunchException when the task cannot be run as that user
   */
  static List<String> prefix(@Nullable String user, Tools tools) throws LaunchException {
    String own = System.getProperty("user.name");
    if (user == null || user.isBlank() || user.equals(own)) {
      return List.of();
    }
    if (!"root".equals(own)) {
      throw new LaunchException(
          true,
          "user: cannot run as '"
              + user
              + "': Dromos runs as '"
              + own
              + "', and only root may start tasks as another user");
    }
    lookUp(user);
    Path setpriv =
        tools
            .setpriv()
            .orElseThrow(
                () ->
                    new LaunchException(
                        false,
                        "user: cannot run as '"
                            + user
                            + "': setpriv was not found; install util-linux"));
    return List.of(
        setpriv.toString(),
        "--reuid=" + user,
        "--regid=" + primaryGroup(user),
        "--init-groups",
        "--");
  }

  /** Gives a sandbox with all that was fetched into it to the user. */
  static void own(Path sandbox, String user) throws LaunchException {
    UserPrincipal owner = lookUp(user);
    try (Stream<Path> files = Files.walk(sandbox)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "posix:owner", owner, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new LaunchException(
          false, "user: cannot give the sandbox to '" + user + "': " + e.getMessage());
    }
  }

  private static UserPrincipal lookUp(String user) throws LaunchException {
    try {
      return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
    } catch (IOException e) {
      throw new LaunchException(true, "user: there is no user '" + user + "' on this machine");
    }
  }

  private static String primaryGroup(String user) throws LaunchException {
    try {
      Process id = new ProcessBuilder("id", "-g", "--", user).start();
      String group =
          new String(id.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
              .strip();
      if (id.waitFor() == 0 && !group.isEmpty()) {
        return group;
      }
    } catch (IOException e) {
      throw new LaunchException(
          false, "user: cannot ask for the group of '" + user + "': " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new LaunchException(false, "user: '" + user + "' has no primary group");
  }
}
