package io.dromos.runtime.artifact;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks what Mesos' fetcher unpacks, by the name of the file (Mesos: {@code fetcher.cpp}). */
final class Unpacker {
  private static final List<String> TAR =
      List.of(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz");

  /** An archive can ask for any amount of memory to be unpacked with. */
  private static final int XZ_MEMORY_KIB = 128 * 1024;

  private Unpacker() {}

  static boolean isArchive(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    return name.endsWith(".zip") || name.endsWith(".gz") || isTar(name);
  }

  /**
   * Unpacks {@code archive} into a directory.
   *
   * @param fileName tells the kind; the archive itself may have another name
   */
  static void unpack(Path archive, String fileName, Path directory, Budget budget)
      throws IOException, ArtifactException {
    String name = fileName.toLowerCase(Locale.ROOT);
    SafeTree tree = new SafeTree(directory, budget);
    if (name.endsWith(".zip")) {
      unzip(archive, tree);
      return;
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive));
        InputStream plain = decompressed(raw, name)) {
      if (isTar(name)) {
        untar(plain, tree);
      } else {
        tree.file(fileName.substring(0, fileName.length() - ".gz".length()), 0644, plain);
      }
    }
  }

  private static boolean isTar(String name) {
    return TAR.stream().anyMatch(name::endsWith);
  }

  private static InputStream decompressed(InputStream raw, String name) throws IOException {
    if (name.endsWith("gz")) {
      return GzipCompressorInputStream.builder()
          .setInputStream(raw)
          .setDecompressConcatenated(true)
          .get();
    } else if (name.endsWith("bz2")) {
      return new BZip2CompressorInputStream(raw, true);
    } else if (name.endsWith("xz")) {
      return XZCompressorInputStream.builder()
          .setInputStream(raw)
          .setDecompressConcatenated(true)
          .setMemoryLimitKiB(XZ_MEMORY_KIB)
          .get();
    }
    return raw;
  }

  private static void untar(InputStream plain, SafeTree tree)
      throws IOException, ArtifactException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(plain, StandardCharsets.UTF_8.name())) {
      TarArchiveEntry entry;
      boolean any = false;
      while ((entry = tar.getNextEntry()) != null) {
        any = true;
        String name = entry.getName();
        if (entry.isDirectory()) {
          tree.directory(name, entry.getMode());
        } else if (entry.isSymbolicLink()) {
          tree.symbolicLink(name, entry.getLinkName());
        } else if (entry.isLink()) {
          tree.hardLink(name, entry.getLinkName());
        } else if (isPlain(entry) && tar.canReadEntryData(entry)) {
          tree.file(name, entry.getMode(), tar);
        } else {
          throw new ArtifactException("holds what is neither file, directory nor link: " + name);
        }
      }
      if (!any) {
        throw new ArtifactException("is no tar archive, or an empty one");
      }
    }
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice()
        && !entry.isFIFO();
  }

  private static void unzip(Path archive, SafeTree tree) throws IOException, ArtifactException {
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        String name = entry.getName();
        if (!zip.canReadEntryData(entry)) {
          throw new ArtifactException(
              "holds an entry that is encrypted or packed strangely: " + name);
        }
        if (entry.isDirectory()) {
          tree.directory(name, mode(entry, 0755));
        } else if (entry.isUnixSymlink()) {
          tree.symbolicLink(name, zip.getUnixSymlink(entry));
        } else {
          try (InputStream content = zip.getInputStream(entry)) {
            tree.file(name, mode(entry, 0644), content);
          }
        }
      }
    }
  }

  /** Archives made without Unix modes hold zeros. */
  private static int mode(ZipArchiveEntry entry, int otherwise) {
    int mode = entry.getUnixMode() & 0777;
    return mode == 0 ? otherwise : mode;
  }
}
