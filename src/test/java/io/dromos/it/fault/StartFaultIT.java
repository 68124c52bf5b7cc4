package io.dromos.it.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails or is given up leaves nothing running and says so by its exit status. */
class StartFaultIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path dir;
  private Path data;
  private Process node;

  @BeforeEach
  void lay() throws IOException {
    data = Files.createDirectories(dir.toRealPath().resolve("data"));
  }

  @AfterEach
  void end() throws Exception {
    if (node != null && node.isAlive()) {
      node.destroyForcibly().waitFor();
    }
  }

  private Process up(Map<String, String> environment) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Node.java(), "-Xmx384m", "-Ddromos.data.dir=" + data));
    for (String port :
        List.of("api.port", "dns.port", "edge.http.port", "edge.https.port", "stats.port")) {
      command.add("-Ddromos." + port + "=" + Node.freePort());
    }
    command.addAll(List.of("-Ddromos.vip.mode=userspace", "-jar", Node.jar().toString(), "up"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private int status() throws Exception {
    assertTrue(node.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "it does not end: " + log());
    return node.exitValue();
  }

  private String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  /** Processes that work below the data directory: the database's. */
  private boolean anythingLeft() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        if (worksBelowData(entry)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean worksBelowData(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).startsWith(data);
    } catch (IOException e) {
      // Gone, or somebody else's.
      return false;
    }
  }

  @Test
  void aServerThatCannotStartTakesItsDatabaseWithIt() throws Exception {
    // Payara's log settings can't be written where a directory lies.
    Files.createDirectories(data.resolve("payara/logging.properties"));
    node = up(Map.of());
    assertEquals(3, status(), log());
    assertFalse(anythingLeft(), log());
  }

  @Test
  void aSignalDuringTheStartEndsTheDatabaseToo() throws Exception {
    node = up(Map.of());
    Await.until("the database comes up", LIMIT, this::anythingLeft);
    node.destroy();
    assertEquals(143, status(), log());
    assertFalse(anythingLeft(), log());
    assertFalse(log().contains("Dromos is ready"), log());
  }

  @Test
  void aShellThatExportsTheVariablesOfTheCommandLineStartsANode() throws Exception {
    node = up(Map.of("DROMOS_URL", "http://127.0.0.1:1", "DROMOS_CREDENTIALS", "a:b"));
    Await.until("ready", LIMIT, () -> !node.isAlive() || log().contains("Dromos is ready"));
    node.destroy();
    assertEquals(0, status(), log());
    assertFalse(anythingLeft(), log());
  }
}
