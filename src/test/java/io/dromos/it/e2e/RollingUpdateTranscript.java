package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What a user of one app sees while it is deployed: the API at every look, the command line now and
 * then, each change written down with the seconds since the beginning.
 */
final class RollingUpdateTranscript {
  /** One look at the app. */
  record Sample(int tasks, int running, int healthy, int staged, String deployments) {}

  private final Node node;
  private final String app;
  private final List<String> lines = new ArrayList<>();
  private final long began = System.nanoTime();
  private String last = "";

  RollingUpdateTranscript(Node node, String app) {
    this.node = node;
    this.app = app;
  }

  synchronized void title(String words) {
    lines.addAll(List.of("", "## " + words, ""));
  }

  synchronized void say(String words) {
    words.lines().forEach(lines::add);
  }

  private synchronized String text() {
    return String.join("\n", lines);
  }

  synchronized void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }

  /**
   * Looks at the API all the time, and runs the commands one after another, until no deployment
   * runs any more; each look must pass.
   */
  void follow(Duration limit, Predicate<Sample> promise) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> look(end, promise));
    while (!looking.isDone()) {
      commands();
    }
    looking.get();
    commands();
  }

  private void look(long end, Predicate<Sample> promise) {
    try {
      Sample sample = sample();
      while (!sample.deployments().isEmpty()) {
        assertTrue(promise.test(sample), sample + "\n" + text());
        assertTrue(System.nanoTime() < end, "still running:\n" + text());
        Await.pause(Duration.ofMillis(50));
        sample = sample();
      }
      assertTrue(promise.test(sample), sample.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a deployment is at a step, so that it has something to say. */
  void awaitStep(String deployment) {
    Await.until(
        "a step",
        Duration.ofSeconds(10),
        () -> node.json("/console/deployments/" + deployment).path("step").asInt() > 0);
  }

  /** A look at the API, written down when it differs from the last one. */
  Sample sample() throws IOException, InterruptedException {
    JsonNode shown = node.json("/v2/apps" + app + "?embed=app.counts").path("app");
    StringBuilder running = new StringBuilder();
    for (JsonNode deployment : node.json("/v2/deployments")) {
      running.append(deployment.path("id").asText(), 0, 8);
      running.append(" step ").append(deployment.path("currentStep").asInt());
      running.append('/').append(deployment.path("totalSteps").asInt());
      deployment
          .path("currentActions")
          .forEach(action -> running.append(' ').append(action.path("action").asText()));
      assertEquals(app, deployment.path("affectedApps").path(0).asText());
    }
    Sample sample =
        new Sample(
            node.json("/v2/apps" + app + "/tasks").path("tasks").size(),
            shown.path("tasksRunning").asInt(),
            shown.path("tasksHealthy").asInt(),
            shown.path("tasksStaged").asInt(),
            running.toString());
    String line =
        "tasks "
            + sample.tasks()
            + ", running "
            + sample.running()
            + ", healthy "
            + sample.healthy()
            + ", staged "
            + sample.staged()
            + (running.isEmpty() ? "; no deployment" : "; deployment " + running);
    note(line);
    return sample;
  }

  private synchronized void note(String line) {
    if (!line.equals(last)) {
      lines.add(seconds() + "  " + line);
      last = line;
    }
  }

  /** Runs a command and writes down what it printed. */
  Node.Output cli(String... words) throws Exception {
    Node.Output output = node.cli(words);
    say("\n" + seconds() + "  $ dromos " + String.join(" ", words) + "\n" + output.text() + "\n\n");
    return output;
  }

  private void commands() throws Exception {
    Node.Output list = cli("marathon", "deployment", "list");
    if (list.status() == 0) {
      assertTrue(list.text().contains(app), list.text());
      // The deployment may just have ended between the two answers that the command reads.
      assertFalse(list.text().contains("null"), list.text());
    } else {
      assertEquals("Error: There are no deployments\n", list.text());
    }
    Node.Output apps = cli("marathon", "app", "list");
    assertEquals(0, apps.status(), apps.text());
    assertTrue(apps.text().contains(app), apps.text());
  }

  private String seconds() {
    return String.format(java.util.Locale.ROOT, "%6.1f s", (System.nanoTime() - began) / 1e9);
  }
}
