package io.dromos.dataplane.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificate files of some paths, and what was read of them. A file is read again when its
 * time, size or identity changes, or those of its key; while the new content cannot be used, the
 * old stays in use. Not thread-safe.
 */
final class CertificateFiles {
  /** Endings of what lies beside certificates and is none. */
  private static final Set<String> NOT_CERTIFICATES =
      Set.of("key", "ocsp", "issuer", "sctl", "csr", "new", "old", "bak", "md", "txt", "conf");

  private record Entry(String stamp, @Nullable ServedCredential served) {}

  private final Map<Path, Entry> entries = new LinkedHashMap<>();

  /** Problems of the last {@link #load}, by path. */
  private final Map<Path, String> problems = new TreeMap<>();

  Map<Path, String> problems() {
    return problems;
  }

  /** Everything usable under these paths, in their order; forgets the rest. */
  List<ServedCredential> load(List<Path> sources) {
    problems.clear();
    List<ServedCredential> usable = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Path source : sources) {
      files.addAll(files(source));
    }
    entries.keySet().retainAll(Set.copyOf(files));
    for (Path file : files) {
      ServedCredential served = load(file);
      if (served != null && !usable.contains(served)) {
        usable.add(served);
      }
    }
    return usable;
  }

  private @Nullable ServedCredential load(Path file) {
    Entry known = entries.get(file);
    String stamp = stamp(file);
    if (known != null && known.stamp().equals(stamp)) {
      return known.served();
    }
    ServedCredential last = known == null ? null : known.served();
    try {
      Credential read = Credential.read(file);
      ServedCredential served = read == null ? null : ServedCredential.of(read);
      entries.put(file, new Entry(stamp, served));
      return served;
    } catch (UnusableCertificateException e) {
      // Not remembered by its stamp: it is looked at again until it is right.
      entries.put(file, new Entry("", last));
      problems.put(
          file,
          file
              + ": "
              + e.getMessage()
              + (last == null ? "" : "; what was read of it before stays in use"));
      return last;
    }
  }

  private List<Path> files(Path source) {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    if (Files.isRegularFile(source.resolve("fullchain.pem"))) {
      // As certbot writes it: the other files are parts of this one.
      return List.of(source.resolve("fullchain.pem"));
    }
    try (Stream<Path> listed = Files.list(source)) {
      List<Path> files = new ArrayList<>();
      for (Path path : listed.sorted().toList()) {
        String name = String.valueOf(path.getFileName());
        String ending = name.substring(name.lastIndexOf('.') + 1);
        if (name.startsWith(".")) {
          continue;
        }
        if (Files.isDirectory(path)) {
          if (Files.isRegularFile(path.resolve("fullchain.pem"))) {
            files.add(path.resolve("fullchain.pem"));
          }
        } else if (!NOT_CERTIFICATES.contains(ending) && !name.equals("README")) {
          files.add(path);
        }
      }
      return files;
    } catch (IOException e) {
      problems.put(source, source + ": it cannot be listed: " + Credential.reason(e));
      return List.of();
    }
  }

  private static String stamp(Path file) {
    StringBuilder stamp = new StringBuilder(attributes(file));
    for (Path key : Credential.keyFiles(file)) {
      stamp.append(' ').append(attributes(key));
    }
    return stamp.toString();
  }

  private static String attributes(Path file) {
    try {
      BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);
      return read.lastModifiedTime() + "/" + read.size() + "/" + read.fileKey();
    } catch (IOException e) {
      return "-";
    }
  }
}
