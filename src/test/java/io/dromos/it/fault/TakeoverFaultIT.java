package io.dromos.it.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Apps;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the server: tasks go on, and are taken over by the next start. */
class TakeoverFaultIT {
  @TempDir Path dir;
  private Node node;

  @BeforeEach
  void start() throws IOException {
    node = Node.start(dir.resolve("data"), Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void tasksKeepTheirIdsAndProcessesAndNoneIsDoubled() throws Exception {
    node.deploy(Apps.service("/web", 2, ""));
    Set<String> ids = ids(node.awaitTasks("web", 2, Duration.ofSeconds(30)));
    Set<Long> pids = sandboxPids();

    node.killHard();
    for (long pid : pids) {
      assertTrue(ProcessHandle.of(pid).isPresent(), "task died with the server");
    }
    node.restart();

    assertEquals(ids, ids(node.awaitTasks("web", 2, Duration.ofSeconds(30))));
    assertEquals(pids, sandboxPids());
    assertEquals(2, node.json("/v2/apps/web").path("app").path("tasksRunning").asInt());
  }

  @Test
  void anExitWhileTheServerWasAwayIsReportedWithItsCode() throws Exception {
    Path trigger = dir.resolve("trigger");
    node.deploy(
        """
        {"id":"/waiter","cmd":"while [ ! -e %s ]; do sleep 0.1; done; exit 7","mem":8,
         "cpus":0.01,"backoffSeconds":60}"""
            .formatted(trigger));
    String id = node.awaitTasks("waiter", 1, Duration.ofSeconds(30)).get(0).path("id").asText();
    Set<Long> pids = sandboxPids();
    node.killHard();
    Files.createFile(trigger);
    Await.until(
        "the task ended by itself",
        Duration.ofSeconds(10),
        () -> pids.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
    node.restart();
    JsonNode failure =
        Await.value(
            "the failure is known",
            Duration.ofSeconds(20),
            () -> {
              JsonNode seen = node.json("/v2/apps/waiter").path("app").path("lastTaskFailure");
              return seen.isMissingNode() ? null : seen;
            });
    assertEquals(id, failure.path("taskId").asText());
    assertTrue(failure.path("message").asText().contains("7"), failure.toString());
  }

  private static Set<String> ids(List<JsonNode> tasks) {
    return tasks.stream()
        .map(task -> task.path("id").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Processes whose working directory is a sandbox of the node. */
  private Set<Long> sandboxPids() {
    Path sandboxes = dir.resolve("data").resolve("sandboxes");
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              try {
                return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))
                    .startsWith(sandboxes);
              } catch (IOException e) {
                return false;
              }
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
