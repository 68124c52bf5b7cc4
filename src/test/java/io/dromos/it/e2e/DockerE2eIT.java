package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers on a real Docker Engine, the lab's definition unchanged. */
class DockerE2eIT {
  private static final String IMAGE = "mhausenblas/simpleservice:0.3.0";

  @TempDir Path dir;
  private Node node;
  private String dockerHost;

  @BeforeEach
  void start() throws Exception {
    dockerHost =
        System.getenv().getOrDefault("DROMOS_TEST_DOCKER_HOST", "unix:///var/run/docker.sock");
    Requirement.need(docker("version").status() == 0, "a Docker Engine at " + dockerHost);
    Requirement.need(docker("pull", IMAGE).status() == 0, "a registry that serves " + IMAGE);
    node = Node.start(dir.resolve("data"), Map.of("dromos.runtime.docker.host", dockerHost));
  }

  @AfterEach
  void stop() throws IOException {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void theLabsDefinitionRunsAsAContainerWithSharesMemoryAndEnvironmentAsMesosSetsThem()
      throws Exception {
    node.deploy(
        """
        {"id":"/sise","instances":1,"cpus":0.1,"mem":32,"container":{"type":"DOCKER",\
        "docker":{"image":"mhausenblas/simpleservice:0.3.0","network":"HOST",\
        "forcePullImage":true}},"portDefinitions":[{"labels":{"VIP_0":"/sise:8096"}}]}""");
    JsonNode task = node.awaitTasks("sise", 1, Duration.ofSeconds(90)).get(0);
    JsonNode container = inspect(task.path("id").asText());
    assertEquals(102, container.path("HostConfig").path("CpuShares").asInt());
    assertEquals(33554432, container.path("HostConfig").path("Memory").asInt());
    assertEquals("host", container.path("HostConfig").path("NetworkMode").asText());
    Map<String, String> env = new HashMap<>();
    for (JsonNode entry : container.path("Config").path("Env")) {
      String text = entry.asText();
      env.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
    }
    int port = task.path("ports").path(0).asInt();
    for (String name :
        List.of(
            "MARATHON_APP_VERSION",
            "HOST",
            "MARATHON_APP_LABELS",
            "LIBPROCESS_IP",
            "MESOS_SANDBOX",
            "MESOS_CONTAINER_NAME")) {
      assertTrue(env.containsKey(name), name + " in " + env);
    }
    assertEquals("0.1", env.get("MARATHON_APP_RESOURCE_CPUS"));
    assertEquals("32.0", env.get("MARATHON_APP_RESOURCE_MEM"));
    assertEquals("0.0", env.get("MARATHON_APP_RESOURCE_DISK"));
    assertEquals("0", env.get("MARATHON_APP_RESOURCE_GPUS"));
    assertEquals(IMAGE, env.get("MARATHON_APP_DOCKER_IMAGE"));
    assertEquals("/sise", env.get("MARATHON_APP_ID"));
    assertEquals(task.path("id").asText(), env.get("MESOS_TASK_ID"));
    assertEquals(String.valueOf(port), env.get("PORT0"));
    assertEquals(String.valueOf(port), env.get("PORT"));
    assertEquals(String.valueOf(port), env.get("PORTS"));
    int servicePort =
        node.json("/v2/apps/sise").path("app").path("portDefinitions").path(0).path("port").asInt();
    assertEquals(String.valueOf(port), env.get("PORT_" + servicePort));
    Await.until(
        "the container's log is in the sandbox",
        Duration.ofSeconds(20),
        () -> {
          node.get("/ping");
          DoorE2eIT.raw(port, "GET /endpoint0", "x");
          return node.cli("task", "log", "sise", "stderr").text().contains("/endpoint0");
        });
  }

  @Test
  void aContainerSurvivesTheServerAndIsTakenOverAgain() throws Exception {
    node.deploy(
        """
        {"id":"/keep","cpus":0.1,"mem":32,"container":{"type":"DOCKER","docker":{
         "image":"mhausenblas/simpleservice:0.3.0","network":"HOST"}}}""");
    String id = node.awaitTasks("keep", 1, Duration.ofSeconds(60)).get(0).path("id").asText();
    String container = inspect(id).path("Id").asText();
    node.killHard();
    node.restart();
    assertEquals(id, node.awaitTasks("keep", 1, Duration.ofSeconds(30)).get(0).path("id").asText());
    assertEquals(container, inspect(id).path("Id").asText());
  }

  @Test
  void anImageThatCannotBeHadIsNamedWithTheEnginesOwnWords() throws Exception {
    node.deploy(
        """
        {"id":"/ghost","cpus":0.1,"mem":32,"container":{"type":"DOCKER","docker":{
         "image":"nobody/has-this:1","network":"HOST"}}}""");
    Await.until(
        "reason names the image",
        Duration.ofSeconds(40),
        () -> node.get("/console/why/ghost").body().contains("nobody/has-this:1"));
    Await.until(
        "the failure names the image",
        Duration.ofSeconds(40),
        () ->
            node.json("/v2/apps/ghost")
                .path("app")
                .path("lastTaskFailure")
                .path("message")
                .asText()
                .contains("nobody/has-this:1"));
  }

  private JsonNode inspect(String taskId) throws Exception {
    String id = docker("ps", "-q", "--filter", "label=MESOS_TASK_ID=" + taskId).text().strip();
    return new ObjectMapper().readTree(docker("inspect", id).text()).path(0);
  }

  private Node.Output docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("docker", "-H", dockerHost));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Node.Output(process.waitFor(), text);
    } catch (IOException e) {
      return new Node.Output(127, String.valueOf(e));
    }
  }
}
