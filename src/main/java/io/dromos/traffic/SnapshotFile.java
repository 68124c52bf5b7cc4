package io.dromos.traffic;

import io.dromos.routing.RoutingSnapshot;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The last snapshot, kept for the next start. It is served before the server is there to say what
 * is true now, so one of before the machine's last start is not: its backends are gone, and others
 * may have their ports.
 */
final class SnapshotFile {
  private static final Logger LOG = System.getLogger(SnapshotFile.class.getName());
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** A snapshot as it is kept. */
  record Kept(String boot, RoutingSnapshot snapshot) {}

  private final Path file;
  private final String boot;

  SnapshotFile(Path file) {
    this(file, bootId());
  }

  /**
   * @param boot tells one run of the machine from the next
   */
  SnapshotFile(Path file, String boot) {
    this.file = file;
    this.boot = boot;
  }

  /** Whole or not at all. */
  void write(RoutingSnapshot snapshot) throws IOException {
    byte[] payload = RecordWriter.write(new Kept(boot, snapshot.causedAt(Instant.EPOCH)));
    ByteBuffer content =
        ByteBuffer.allocate(8 + payload.length).putLong(checksum(payload)).put(payload);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, content.array());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Empty when there is none that may be served; why is said. */
  Optional<RoutingSnapshot> read() {
    try {
      byte[] content = Files.readAllBytes(file);
      if (content.length <= 8) {
        throw new IOException("it is cut off");
      }
      byte[] payload = new byte[content.length - 8];
      long checksum = ByteBuffer.wrap(content).getLong();
      System.arraycopy(content, 8, payload, 0, payload.length);
      if (checksum != checksum(payload)) {
        throw new IOException("its checksum is wrong");
      }
      Kept kept = RecordReader.read(payload, Kept.class);
      if (!kept.boot().equals(boot)) {
        LOG.log(
            Level.INFO, "the routes in {0} are of before the machine started: not served", file);
        return Optional.empty();
      }
      return Optional.of(kept.snapshot());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RecordReader.UnreadableException e) {
      LOG.log(
          Level.WARNING,
          "the last routes cannot be read from {0} ({1}): nothing is served until the server is up",
          file,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static long checksum(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return crc.getValue();
  }

  private static String bootId() {
    try {
      return new String(Files.readAllBytes(BOOT_ID), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
