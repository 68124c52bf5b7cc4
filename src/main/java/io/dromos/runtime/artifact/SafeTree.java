package io.dromos.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes entries of an archive below a directory and nowhere else.
 *
 * <p>An existing link is never written through, and the real directory an entry goes to is checked
 * each time. A link is made with a target of leading {@code ..} and names only, counted from its
 * real directory; so it leads to a place inside, whatever becomes of the names after it.
 */
final class SafeTree {
  private final Path root;
  private final Budget budget;

  /** Below {@code root}, an existing directory. */
  SafeTree(Path root, Budget budget) throws IOException {
    this.root = root.toRealPath();
    this.budget = budget;
  }

  void directory(String name, int mode) throws IOException, ArtifactException {
    budget.entry();
    Path made = inside(name);
    if (made.equals(root)) {
      return;
    }
    Path real = parent(made, name).resolve(fileName(made));
    if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(real);
      Files.createDirectory(real);
    }
    permit(real, mode | 0700);
  }

  void file(String name, int mode, InputStream content) throws IOException, ArtifactException {
    budget.entry();
    Path file = fresh(name);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      budget.copy(content, out);
    }
    permit(file, mode | 0600);
  }

  /** A symbolic link; {@code target} is as the archive says it. */
  void symbolicLink(String name, String target) throws IOException, ArtifactException {
    budget.entry();
    Path link = fresh(name);
    Path wanted = Path.of(target).normalize();
    Path base = parentOf(link);
    int ups = 0;
    while (ups < wanted.getNameCount() && wanted.getName(ups).toString().equals("..")) {
      base = base.getParent() == null ? base : base.getParent();
      ups++;
    }
    if (wanted.isAbsolute() || !base.startsWith(root)) {
      throw new ArtifactException("holds a link that leads outside: " + name + " -> " + target);
    }
    Files.createSymbolicLink(link, wanted.toString().isEmpty() ? Path.of(".") : wanted);
  }

  /** A second name of a file that was unpacked before. */
  void hardLink(String name, String target) throws IOException, ArtifactException {
    budget.entry();
    Path existing = inside(target);
    Path real = parent(existing, target).resolve(fileName(existing));
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new ArtifactException("holds a link to no file of its own: " + name + " -> " + target);
    }
    Path link = fresh(name);
    if (!link.equals(real)) {
      Files.createLink(link, real);
    }
  }

  /** Where a new file goes: whatever had its name before is gone. */
  private Path fresh(String name) throws IOException, ArtifactException {
    Path path = inside(name);
    if (path.equals(root)) {
      throw new ArtifactException("holds an entry without a name");
    }
    Path file = parent(path, name).resolve(fileName(path));
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ArtifactException("holds a file where a directory is: " + name);
    }
    Files.deleteIfExists(file);
    return file;
  }

  private Path inside(String name) throws ArtifactException {
    // As tar does: the leading slash goes, and nothing climbs.
    String relative = name.replaceFirst("^/+", "");
    for (Path part : Path.of(relative)) {
      if (part.toString().equals("..")) {
        throw new ArtifactException("holds an entry outside: " + name);
      }
    }
    return root.resolve(relative).normalize();
  }

  /** The real directory of a path, made if need be. */
  private Path parent(Path path, String name) throws IOException, ArtifactException {
    Path directory = root;
    Path wanted = root.relativize(parentOf(path));
    for (Path part : wanted) {
      if (part.toString().isEmpty()) {
        continue;
      }
      Path next = directory.resolve(part);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(next);
      }
      directory = next.toRealPath();
      if (!directory.startsWith(root)) {
        throw new ArtifactException("holds an entry outside, behind a link: " + name);
      }
    }
    return directory;
  }

  private static Path parentOf(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException(path + " has no directory");
    }
    return parent;
  }

  private static Path fileName(Path path) throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new IOException(path + " has no name");
    }
    return name;
  }

  /** Read, write and execute; no other bit of an archive means anything to us. */
  private static void permit(Path path, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }
}
