package io.dromos.launcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL server programs carried in the jar as a {@code tar.xz}, unpacked once into a
 * directory that is named after the archive's digest, so that a newer jar never runs older
 * programs.
 */
final class PostgresBinaries {
  /** The major version that is carried; a data directory of another one can't be opened. */
  static final String MAJOR_VERSION = "18";

  private static final String PREFIX = "server-";

  private PostgresBinaries() {}

  /**
   * The archive for this machine.
   *
   * @throws IOException with the way out when there is none
   */
  static String resourceFor(String osName, String osArch) throws IOException {
    boolean linux = osName.toLowerCase(Locale.ROOT).startsWith("linux");
    String arch = osArch.toLowerCase(Locale.ROOT);
    if (linux && List.of("amd64", "x86_64").contains(arch)) {
      return "/postgres-linux-x86_64.txz";
    }
    if (linux && List.of("aarch64", "arm64").contains(arch)) {
      return "/postgres-linux-arm_64.txz";
    }
    throw new IOException(
        "no embedded PostgreSQL for "
            + osName
            + " on "
            + osArch
            + ": set dromos.db.url (and dromos.db.user, dromos.db.password) to a PostgreSQL server");
  }

  /**
   * Unpacks the programs unless they are there, and drops those of other versions.
   *
   * @return the directory with {@code bin}, {@code lib} and {@code share}
   */
  static Path unpack(Path parent) throws IOException {
    String resource = resourceFor(System.getProperty("os.name"), System.getProperty("os.arch"));
    Path home = parent.resolve(PREFIX + digest(resource));
    if (!Files.isDirectory(home)) {
      Path half = parent.resolve(home.getFileName() + ".unpacking");
      deleteTree(half);
      try (InputStream archive = open(resource)) {
        extract(archive, half);
      }
      try {
        Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(half, home);
      }
      dropOthers(parent, home);
    }
    return home;
  }

  private static void dropOthers(Path parent, Path home) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith(PREFIX) && !entry.equals(home)) {
          deleteTree(entry);
        }
      }
    }
  }

  private static InputStream open(String resource) throws IOException {
    URL url = PostgresBinaries.class.getResource(resource);
    if (url == null) {
      throw new IOException(
          resource
              + " is missing from this jar: rebuild it, or set dromos.db.url to a PostgreSQL server");
    }
    // A connection of its own: Payara, booting beside us, closes the jar that cached ones share.
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }

  private static String digest(String resource) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void extract(InputStream archive, Path target) throws IOException {
    makeDirectory(target);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("archive entry leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
          makeDirectory(path);
        } else if (!isForDevelopers(entry.getName())) {
          makeDirectory(path.resolve("..").normalize());
          if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
          } else {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions((entry.getMode() & 0100) != 0));
          }
        }
      }
    }
  }

  /** Static libraries and pkg-config files: a third of the archive, used by compilers only. */
  private static boolean isForDevelopers(String name) {
    return name.endsWith(".a") || name.contains("/pkgconfig/");
  }

  private static Set<PosixFilePermission> permissions(boolean executable) {
    return executable
        ? PosixFilePermissions.fromString("rwxr-xr-x")
        : PosixFilePermissions.fromString("rw-r--r--");
  }

  /** Readable by all whatever the umask: the server may run as another user. */
  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, EnumSet.copyOf(permissions(true)));
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
