package io.dromos.runtime.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files kept on the node, by address and by what the server said of their state.
 *
 * <p>An entry is a {@code .entry} file that names its content. Content is written under a name of
 * its own first and the entry is switched to it in one rename, so a crash leaves the old entry or
 * the new one, and at worst a content that nobody names; those go at the next start. The least
 * recently used entries make room. Callers hold the lock of an address.
 */
final class ArtifactCache {
  private static final Logger LOG = System.getLogger(ArtifactCache.class.getName());

  /** A cached file. */
  record Entry(Path content, ArtifactSource.Validators validators) {}

  private final Path directory;
  private final long limit;

  ArtifactCache(Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
  }

  /** What is kept for an address; nothing when it is incomplete. */
  Optional<Entry> find(String uri) throws IOException {
    return Files.exists(entryFile(uri)) ? read(entryFile(uri)) : Optional.empty();
  }

  /** Puts a file into the cache and gives where it is; empty when it is too large to be kept. */
  Optional<Entry> put(String uri, ArtifactSource.Validators validators, Path file)
      throws IOException {
    long size = Files.size(file);
    if (size > limit) {
      return Optional.empty();
    }
    Files.createDirectories(directory);
    Path content = Files.createTempFile(directory, key(uri) + "-", ".content");
    Files.move(file, content, StandardCopyOption.REPLACE_EXISTING);
    Optional<Entry> old = find(uri);
    Properties properties = new Properties();
    properties.setProperty("uri", uri);
    properties.setProperty("size", Long.toString(size));
    properties.setProperty("content", String.valueOf(content.getFileName()));
    if (validators.etag() != null) {
      properties.setProperty("etag", validators.etag());
    }
    if (validators.lastModified() != null) {
      properties.setProperty("last-modified", validators.lastModified());
    }
    Path written = Files.createTempFile(directory, key(uri) + "-", ".part");
    try (OutputStream out = Files.newOutputStream(written)) {
      properties.store(out, null);
    }
    Files.move(
        written,
        entryFile(uri),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
    if (old.isPresent()) {
      Files.deleteIfExists(old.get().content());
    }
    makeRoom(entryFile(uri));
    return Optional.of(new Entry(content, validators));
  }

  /** Notes that an entry was of use. */
  void touch(String uri, Instant now) throws IOException {
    Files.setLastModifiedTime(entryFile(uri), FileTime.from(now));
  }

  /** A file to download into, on the same file system as the cache. */
  Path part() throws IOException {
    Files.createDirectories(directory);
    return Files.createTempFile(directory, "download-", ".part");
  }

  /** Deletes what a crash left behind: parts, and contents that no entry names. */
  void sweep() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try {
      Set<Path> named = new HashSet<>();
      for (Path entry : files("*.entry")) {
        Optional<Entry> read = read(entry);
        if (read.isPresent()) {
          named.add(read.get().content());
        } else {
          Files.deleteIfExists(entry);
        }
      }
      for (Path file : files("*.{part,content}")) {
        if (!named.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot tidy up " + directory, e);
    }
  }

  /** Lets go of the entries that were of no use for the longest, but not of {@code keep}. */
  private synchronized void makeRoom(Path keep) throws IOException {
    List<Path> entries = new ArrayList<>(files("*.entry"));
    entries.sort(Comparator.comparing(ArtifactCache::lastUse));
    long total = 0;
    for (Path content : files("*.content")) {
      total += size(content);
    }
    for (Path entry : entries) {
      if (total <= limit) {
        return;
      }
      Optional<Entry> read = entry.equals(keep) ? Optional.empty() : read(entry);
      if (read.isPresent()) {
        total -= size(read.get().content());
        // Whoever is copying it goes on with the open file.
        Files.deleteIfExists(entry);
        Files.deleteIfExists(read.get().content());
      }
    }
  }

  private Optional<Entry> read(Path entry) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(entry)) {
      properties.load(in);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String name = properties.getProperty("content", "");
    Path content = directory.resolve(name.isEmpty() ? "none" : name);
    boolean whole =
        directory.equals(content.getParent())
            && Files.isRegularFile(content)
            && Long.toString(Files.size(content)).equals(properties.getProperty("size"));
    return whole
        ? Optional.of(
            new Entry(
                content,
                new ArtifactSource.Validators(
                    properties.getProperty("etag"), properties.getProperty("last-modified"))))
        : Optional.empty();
  }

  private List<Path> files(String glob) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
      found.forEach(files::add);
    }
    return files;
  }

  private static FileTime lastUse(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private Path entryFile(String uri) {
    return directory.resolve(key(uri) + ".entry");
  }

  private static String key(@Nullable String uri) {
    try {
      byte[] bytes = String.valueOf(uri).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
          .substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
