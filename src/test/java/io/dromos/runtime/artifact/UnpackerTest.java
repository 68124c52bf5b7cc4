package io.dromos.runtime.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives, friendly and hostile. */
class UnpackerTest {
  @TempDir Path dir;
  private Path into;

  @BeforeEach
  void lay() throws IOException {
    into = Files.createDirectory(dir.resolve("into"));
  }

  /** What to do to a tar archive in the making. */
  private interface Entries {
    void to(TarArchiveOutputStream tar) throws IOException;
  }

  @ParameterizedTest
  @CsvSource({
    "all.tar,",
    "all.tar.gz,gz",
    "all.TGZ,gz",
    "all.tar.bz2,bzip2",
    "all.tbz2,bzip2",
    "all.tar.xz,xz",
    "all.txz,xz"
  })
  void tarOfEveryKind(String name, String compressor) throws Exception {
    Path archive = dir.resolve(name);
    try (OutputStream raw = Files.newOutputStream(archive);
        OutputStream packed =
            compressor == null
                ? raw
                : new CompressorStreamFactory().createCompressorOutputStream(compressor, raw);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      file(tar, "bin/run", "echo", 0755);
      link(tar, "bin/again", "run", TarArchiveEntry.LF_SYMLINK);
      link(tar, "same", "bin/run", TarArchiveEntry.LF_LINK);
    }
    unpack(archive);
    assertEquals("echo", Files.readString(into.resolve("bin/run")));
    assertTrue(Files.isExecutable(into.resolve("bin/run")));
    assertEquals("echo", Files.readString(into.resolve("bin/again")));
    assertEquals("echo", Files.readString(into.resolve("same")));
  }

  @Test
  void aZipWithItsModesAndLinks() throws Exception {
    Path archive = dir.resolve("all.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive.toFile())) {
      put(zip, "run.sh", "echo", 0100755);
      put(zip, "d/plain", "text", 0);
      put(zip, "d/link", "../run.sh", 0120777);
    }
    unpack(archive);
    assertTrue(Files.isExecutable(into.resolve("run.sh")));
    assertFalse(Files.isExecutable(into.resolve("d/plain")));
    assertEquals("echo", Files.readString(into.resolve("d/link")));
  }

  @Test
  void aSingleFileInGzip() throws Exception {
    Path archive = dir.resolve("words.txt.gz");
    try (OutputStream packed =
        new CompressorStreamFactory()
            .createCompressorOutputStream("gz", Files.newOutputStream(archive))) {
      packed.write("words".getBytes(StandardCharsets.UTF_8));
    }
    unpack(archive);
    assertEquals("words", Files.readString(into.resolve("words.txt")));
  }

  @Test
  void entriesThatClimbAreRefused() throws Exception {
    refused(tar -> file(tar, "../out", "x", 0644));
    refused(tar -> file(tar, "a/../../out", "x", 0644));
    refused(tar -> link(tar, "l", "../out", TarArchiveEntry.LF_SYMLINK));
    refused(tar -> link(tar, "l", "/etc/passwd", TarArchiveEntry.LF_SYMLINK));
    refused(tar -> link(tar, "a/l", "../../out", TarArchiveEntry.LF_SYMLINK));
    refused(tar -> link(tar, "l", "../secret", TarArchiveEntry.LF_LINK));
    assertFalse(Files.exists(dir.resolve("out")));
  }

  @Test
  void anAbsoluteNameStaysInside() throws Exception {
    unpack(
        tar(
            tar -> {
              TarArchiveEntry entry = new TarArchiveEntry("/abs", true);
              entry.setSize(1);
              tar.putArchiveEntry(entry);
              tar.write('x');
              tar.closeArchiveEntry();
            }));
    assertEquals("x", Files.readString(into.resolve("abs")));
  }

  @Test
  void aLinkThatOnlyLooksHarmlessLeadsNowhereElse() throws Exception {
    Files.writeString(dir.resolve("secret"), "secret");
    // By its text the target is inside; by way of the link "up" it would be outside.
    unpack(
        tar(
            tar -> {
              link(tar, "deep/up", "..", TarArchiveEntry.LF_SYMLINK);
              link(tar, "evil", "deep/up/../../secret", TarArchiveEntry.LF_SYMLINK);
            }));
    assertFalse(Files.exists(into.resolve("evil")), "it must not lead to the file outside");
    refused(
        tar -> {
          link(tar, "deep/up", "..", TarArchiveEntry.LF_SYMLINK);
          link(tar, "deep/up/sub", "../secret", TarArchiveEntry.LF_SYMLINK);
        });
  }

  @Test
  void nothingIsWrittenThroughALink() throws Exception {
    Path outside = Files.writeString(dir.resolve("outside"), "mine");
    Files.createSymbolicLink(into.resolve("there"), outside);
    Files.createSymbolicLink(into.resolve("folder"), dir);
    unpack(tar(tar -> file(tar, "there", "theirs", 0644)));
    assertEquals("mine", Files.readString(outside));
    assertEquals("theirs", Files.readString(into.resolve("there")));
    refused(tar -> file(tar, "folder/planted", "x", 0644));
    assertFalse(Files.exists(dir.resolve("planted")));
  }

  @Test
  void noDeviceIsMadeAndNoPrivilegeGiven() throws Exception {
    refused(tar -> link(tar, "dev", "", TarArchiveEntry.LF_CHR));
    unpack(tar(tar -> file(tar, "setuid", "x", 06755)));
    assertEquals(0755, (int) Files.getAttribute(into.resolve("setuid"), "unix:mode") & 07777);
  }

  @Test
  void aBombIsCutShort() throws Exception {
    Path archive = dir.resolve("bomb.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive.toFile())) {
      put(zip, "zeros", "0".repeat(3_000_000), 0644);
    }
    assertTrue(Files.size(archive) < 10_000);
    ArtifactException refused =
        assertThrows(
            ArtifactException.class,
            () -> Unpacker.unpack(archive, "bomb.zip", into, new Budget(1 << 20)));
    assertTrue(refused.getMessage().contains("more than 1 MiB"), refused.getMessage());
    assertTrue(Files.size(into.resolve("zeros")) <= 1 << 20);
  }

  @Test
  void whatIsNoArchiveIsToldSo() throws Exception {
    Path wrong = Files.writeString(dir.resolve("wrong.tar"), "<html>404</html>".repeat(100));
    assertThrows(Exception.class, () -> unpack(wrong));
    Path empty = Files.createFile(dir.resolve("empty.tar"));
    assertThrows(ArtifactException.class, () -> unpack(empty));
  }

  private void refused(Entries entries) throws Exception {
    Path archive = tar(entries);
    ArtifactException refused = assertThrows(ArtifactException.class, () -> unpack(archive));
    assertTrue(refused.getMessage().startsWith("holds "), refused.getMessage());
  }

  private Path tar(Entries entries) throws IOException {
    Path archive = Files.createTempFile(dir, "made", ".tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
      entries.to(tar);
    }
    return archive;
  }

  private void unpack(Path archive) throws IOException, ArtifactException {
    Unpacker.unpack(archive, String.valueOf(archive.getFileName()), into, new Budget(1 << 20));
  }

  private static void file(TarArchiveOutputStream tar, String name, String text, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(text.length());
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(text.getBytes(StandardCharsets.UTF_8));
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String target, byte kind)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void put(ZipArchiveOutputStream zip, String name, String text, int mode)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    if (mode != 0) {
      entry.setUnixMode(mode);
    }
    zip.putArchiveEntry(entry);
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeArchiveEntry();
  }
}
