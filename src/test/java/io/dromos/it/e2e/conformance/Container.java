package io.dromos.it.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An app on the real Docker Engine, for the few checks that only a container can answer. */
final class Container {
  static final String IMAGE = "mhausenblas/simpleservice:0.3.0";

  private final Marathon marathon;
  private final String id;

  Container(Marathon marathon, String id) {
    this.marathon = marathon;
    this.id = id;
  }

  /**
   * Runs the app and reads the environment that its container was given.
   *
   * @param docker further fields of {@code container.docker}
   */
  Map<String, String> env(String docker) {
    Requirement.need(docker("image", "inspect", IMAGE) || docker("pull", IMAGE), IMAGE);
    marathon.create(
        """
        {"id":"%s","cpus":0.1,"mem":32,"container":{"type":"DOCKER",
         "docker":{"image":"%s",%s}}}"""
            .formatted(id, IMAGE, docker));
    JsonNode task =
        Await.value(
            "a container of " + id,
            Duration.ofSeconds(60),
            () -> {
              List<JsonNode> running = marathon.running(id);
              return running.isEmpty() ? null : running.get(0);
            });
    Map<String, String> env = new HashMap<>();
    for (String line : inspect(task.path("id").asText()).lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        env.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return env;
  }

  private static String inspect(String taskId) {
    String container = output("ps", "--quiet", "--filter", "label=MESOS_TASK_ID=" + taskId).strip();
    return output("inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", container);
  }

  private static boolean docker(String... arguments) {
    return run(arguments).status() == 0;
  }

  private static String output(String... arguments) {
    Run run = run(arguments);
    if (run.status() != 0) {
      throw new AssertionError("docker " + String.join(" ", arguments) + ": " + run.text());
    }
    return run.text();
  }

  private record Run(int status, String text) {}

  private static Run run(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), text);
    } catch (IOException e) {
      return new Run(127, String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
