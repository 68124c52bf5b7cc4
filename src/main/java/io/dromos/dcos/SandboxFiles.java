package io.dromos.dcos;

import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sandboxes of this node under the paths that a Mesos agent gives them (dcos-cli-api reference,
 * 9.3). Links are resolved before anything is shown: nothing outside of a sandbox can be reached.
 */
final class SandboxFiles {
  private static final Pattern PATH =
      Pattern.compile("/frameworks/[^/]+/executors/([^/]+)/runs/[^/]+(?:/(.*))?");

  /**
   * One entry of a directory, in the words of Mesos.
   *
   * @param mtime seconds since 1970
   * @param path as it was asked for, with the name
   */
  record EntryJson(
      String gid, String mode, double mtime, int nlink, String path, long size, String uid) {}

  private final Sandboxes sandboxes;

  SandboxFiles(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  /** The path of a task's sandbox. */
  static String path(String framework, TaskId task) {
    return "/frameworks/" + framework + "/executors/" + task + "/runs/" + task;
  }

  /** What is in the directory, by name; a file has nothing in it; empty when there is neither. */
  Optional<List<EntryJson>> browse(String path) throws IOException {
    Optional<Path> found = resolve(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<EntryJson> entries = new ArrayList<>();
    if (Files.isDirectory(found.get())) {
      String prefix = path.replaceAll("/+$", "");
      try (DirectoryStream<Path> children = Files.newDirectoryStream(found.get())) {
        for (Path child : children) {
          entries.add(entry(child, prefix + "/" + child.getFileName()));
        }
      }
    }
    entries.sort(Comparator.comparing(EntryJson::path));
    return Optional.of(entries);
  }

  /** The regular file behind a path. */
  Optional<Path> file(String path) {
    return resolve(path).filter(Files::isRegularFile);
  }

  private Optional<Path> resolve(String path) {
    Matcher matcher = PATH.matcher(path);
    Optional<TaskId> task = matcher.matches() ? TaskId.parse(matcher.group(1)) : Optional.empty();
    if (task.isEmpty()) {
      return Optional.empty();
    }
    String relative = matcher.group(2) == null ? "" : matcher.group(2);
    return sandboxes.inside(task.get(), relative);
  }

  /** A link is shown as a link, not as what it points at. */
  private static EntryJson entry(Path file, String path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    char kind = attributes.isDirectory() ? 'd' : attributes.isSymbolicLink() ? 'l' : '-';
    Object links = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    return new EntryJson(
        attributes.group().getName(),
        kind + PosixFilePermissions.toString(attributes.permissions()),
        attributes.lastModifiedTime().toMillis() / 1000.0,
        links instanceof Integer count ? count : 1,
        path,
        attributes.size(),
        attributes.owner().getName());
  }
}
