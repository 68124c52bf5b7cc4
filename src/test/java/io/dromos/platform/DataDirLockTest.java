package io.dromos.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirLockTest {
  @TempDir Path dir;

  @Test
  void theHolderIsNamedInTheDirectoryAndMayTakeItAgain() throws IOException {
    Path dataDir = dir.resolve("new/data");
    try (DataDirLock first = DataDirLock.take(dataDir);
        DataDirLock again = DataDirLock.take(dataDir)) {
      assertNotSame(first, again);
      assertEquals(
          ProcessHandle.current().pid() + "", Files.readString(dataDir.resolve("lock")).strip());
    }
  }

  @Test
  void theKernelHoldsItUntilTheLastOfTheProcessLetsGo() throws IOException {
    DataDirLock first = DataDirLock.take(dir);
    DataDirLock again = DataDirLock.take(dir);
    assertTrue(isLocked());
    again.close();
    again.close();
    assertTrue(isLocked(), "the application let go, the launcher did not");
    first.close();
    assertFalse(isLocked());
    DataDirLock.take(dir).close();
  }

  private boolean isLocked() throws IOException {
    String inode = ":" + Files.getAttribute(dir.resolve("lock"), "unix:ino") + " ";
    String process = " " + ProcessHandle.current().pid() + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains(process) && line.contains(inode));
  }

  @Test
  void aDirectoryThatIsAFileIsRefusedWithTheFlagThatHelps() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    IOException refused =
        assertThrows(IOException.class, () -> DataDirLock.take(file.resolve("data")));
    assertTrue(refused.getMessage().contains("--data-dir"), refused.getMessage());
  }
}
