package io.dromos.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.routing.RoutingSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
  @TempDir Path dir;

  private static RoutingSnapshot snapshot() throws ReflectiveOperationException {
    return new Samples().of(RoutingSnapshot.class);
  }

  @Test
  void theLastOneIsReadBackWithoutItsCauseSoThatNoLatencyIsMeasuredFromIt() throws Exception {
    Path path = dir.resolve("routes");
    assertEquals(Optional.empty(), new SnapshotFile(path, "boot").read());
    new SnapshotFile(path, "boot").write(RoutingSnapshot.EMPTY);
    new SnapshotFile(path, "boot").write(snapshot());
    assertEquals(
        Optional.of(snapshot().causedAt(Instant.EPOCH)), new SnapshotFile(path, "boot").read());
  }

  @Test
  void oneOfBeforeTheMachineStartedIsNotServed() throws Exception {
    Path path = dir.resolve("routes");
    new SnapshotFile(path, "yesterday").write(snapshot());
    assertEquals(Optional.empty(), new SnapshotFile(path, "today").read());
  }

  @Test
  void aDamagedOneIsNotServed() throws Exception {
    Path path = dir.resolve("routes");
    new SnapshotFile(path, "boot").write(snapshot());
    byte[] whole = Files.readAllBytes(path);
    for (int at = 0; at < whole.length; at += 7) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(path, damaged);
      assertEquals(Optional.empty(), new SnapshotFile(path, "boot").read(), "byte " + at);
      Files.write(path, java.util.Arrays.copyOf(whole, at));
      assertEquals(Optional.empty(), new SnapshotFile(path, "boot").read(), "cut at " + at);
    }
  }
}
