package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole lab, as a new user runs it. */
class LabE2eIT {
  @Test
  void theLabRunsFromStartToEndAndExitsZero(@TempDir Path workingDirectory)
      throws IOException, InterruptedException {
    Process lab =
        new ProcessBuilder(Node.java(), "-jar", Node.jar().toString(), "lab", "--once")
            .directory(workingDirectory.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(lab.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(lab.waitFor(300, TimeUnit.SECONDS), printed);
    System.out.println(printed);
    assertEquals(0, lab.exitValue(), printed);
    assertTrue(printed.contains("all is well"), printed);
    assertTrue(printed.contains("sise.marathon.l4lb.thisdcos.directory"), printed);
  }
}
