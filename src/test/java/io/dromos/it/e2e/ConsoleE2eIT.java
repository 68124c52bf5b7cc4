package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console page in a real browser. */
class ConsoleE2eIT {
  @TempDir Path dir;
  private Node node;

  @BeforeEach
  void start() throws IOException {
    Requirement.need(browser() != null, "Chromium at /usr/bin/chromium");
    node = Node.start(dir.resolve("data"), Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void theConsoleShowsAppsTasksAndRoutes() throws Exception {
    node.deploy(
        Apps.service(
                "/shown",
                1,
                ",\"labels\":{\"HAPROXY_GROUP\":\"external\","
                    + "\"HAPROXY_0_VHOST\":\"shown.example.com\"}")
            .replace("/shown:80", "/shown:8097"));
    String id = node.awaitTasks("shown", 1, Duration.ofSeconds(30)).get(0).path("id").asText();
    Process chromium =
        new ProcessBuilder(
                browser(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + dir.resolve("chromium"),
                "--virtual-time-budget=5000",
                "--dump-dom",
                node.url() + "/")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String dom = new String(chromium.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    chromium.waitFor();
    assertTrue(dom.contains("/shown"), dom);
    assertTrue(dom.contains(id), dom);
    assertTrue(dom.contains("shown.example.com"), dom);
    assertTrue(dom.contains("shown.marathon.l4lb.thisdcos.directory"), dom);
  }

  private static String browser() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst()
        .orElse(null);
  }
}
