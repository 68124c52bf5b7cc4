package io.dromos.it.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node as a user runs it: {@code java -jar dromos.jar up} in a data directory of its own. */
public final class Node implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(240);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Path dataDir;
  private final Map<String, String> settings = new TreeMap<>();
  private Process process;

  private Node(Path dataDir, Map<String, String> overrides) throws IOException {
    this.dataDir = dataDir;
    settings.put("dromos.data.dir", dataDir.toString());
    settings.put("dromos.api.port", String.valueOf(freePort()));
    settings.put("dromos.dns.port", String.valueOf(freePort()));
    settings.put("dromos.dns.tasks", "none");
    settings.put("dromos.edge.http.port", String.valueOf(freePort()));
    settings.put("dromos.edge.appid.port", String.valueOf(freePort()));
    settings.put("dromos.stats.port", String.valueOf(freePort()));
    settings.put("dromos.edge.https.port", String.valueOf(freePort()));
    settings.put("dromos.vip.mode", "userspace");
    settings.put("dromos.node.name", "test-" + ProcessHandle.current().pid() + "-" + apiPort());
    settings.put("dromos.node.address", "127.0.0.1");
    settings.put("dromos.node.ports", "33000-33999");
    settings.putAll(overrides);
    this.process = spawn();
  }

  /** Starts a node and waits until it is ready. */
  public static Node start(Path dataDir, Map<String, String> overrides) throws IOException {
    Node node = new Node(dataDir, overrides);
    node.awaitReady();
    return node;
  }

  /** The packaged artefact under test. */
  public static Path jar() {
    return Path.of(System.getProperty("dromos.jar", "target/dromos.jar")).toAbsolutePath();
  }

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process spawn() throws IOException {
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx384m"));
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", jar().toString(), "up"));
    Files.createDirectories(dataDir);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(
                dataDir.resolveSibling(dataDir.getFileName() + ".log").toFile()))
        .start();
  }

  /** Starts the node again on the same data directory after it ended. */
  public void restart() throws IOException {
    process = spawn();
    awaitReady();
  }

  /** Ends the node in order and starts it again with some settings changed. */
  public void restart(Map<String, String> overrides) throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      killHard();
    }
    settings.putAll(overrides);
    restart();
  }

  public void awaitReady() throws IOException {
    try {
      Await.until("node ready", START, this::isReady);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; its log:\n" + log(), e);
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("node ended with " + process.exitValue());
    }
    return get("/health/ready").statusCode() == 200;
  }

  /** The server process alone; its database and tasks live on. */
  public void killHard() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  public long pid() {
    return process.pid();
  }

  /** The process that serves edge, VIPs and names. */
  public long trafficPid() throws IOException {
    return Long.parseLong(Files.readString(dataDir.resolve("traffic/pid")).strip());
  }

  /** Ends the server in order; what it leaves running goes on. */
  public void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the node does not stop; its log:\n" + log());
    }
  }

  public int apiPort() {
    return Integer.parseInt(settings.get("dromos.api.port"));
  }

  public int dnsPort() {
    return Integer.parseInt(settings.get("dromos.dns.port"));
  }

  public int edgePort() {
    return Integer.parseInt(settings.get("dromos.edge.http.port"));
  }

  public int appIdPort() {
    return Integer.parseInt(settings.get("dromos.edge.appid.port"));
  }

  public int statsPort() {
    return Integer.parseInt(settings.get("dromos.stats.port"));
  }

  public int edgeTlsPort() {
    return Integer.parseInt(settings.get("dromos.edge.https.port"));
  }

  public String url() {
    return "http://127.0.0.1:" + apiPort();
  }

  public String log() throws IOException {
    return Files.readString(dataDir.resolveSibling(dataDir.getFileName() + ".log"));
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url() + path)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
  }

  public HttpResponse<String> send(String method, String path, String json)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  public JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  /** Posts a definition and fails with the server's words when it is refused. */
  public void deploy(String json) throws IOException, InterruptedException {
    HttpResponse<String> answer = send("POST", "/v2/apps", json);
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  /** Running tasks of an app once there are {@code count} of them. */
  public List<JsonNode> awaitTasks(String app, int count, Duration limit) {
    return Await.value(
        count + " running tasks of " + app,
        limit,
        () -> {
          List<JsonNode> running = new ArrayList<>();
          for (JsonNode task : json("/v2/apps/" + app + "/tasks").path("tasks")) {
            if (task.path("state").asText().equals("TASK_RUNNING")) {
              running.add(task);
            }
          }
          return running.size() == count && json("/v2/deployments").isEmpty() ? running : null;
        });
  }

  /** Runs the command line against this node and returns everything it printed. */
  public Output cli(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", jar().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DROMOS_URL", url());
    Process cli = builder.start();
    String text =
        new String(cli.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new Output(cli.waitFor(), text);
  }

  /** What a command printed, and its exit status. */
  public record Output(int status, String text) {}

  /** Deletes all apps, ends the node in order, and removes the data directory. */
  @Override
  public void close() throws IOException {
    try {
      for (JsonNode app : json("/v2/apps").path("apps")) {
        send("DELETE", "/v2/apps" + app.path("id").asText(), "");
      }
      Await.until(
          "tasks gone", Duration.ofSeconds(20), () -> json("/v2/tasks").path("tasks").isEmpty());
    } catch (IOException | InterruptedException | AssertionError e) {
      System.err.println("while cleaning up: " + e);
    }
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endTraffic();
    if (!Boolean.getBoolean("dromos.test.keep")) {
      deleteTree(dataDir);
    }
  }

  /** A traffic process outlives a server that was killed, and one that was told to leave it. */
  private void endTraffic() {
    try {
      ProcessHandle.of(trafficPid())
          .filter(
              left ->
                  left.info()
                      .commandLine()
                      .orElse("")
                      .contains(dataDir.resolve("traffic").toString()))
          .ifPresent(
              left -> {
                left.destroyForcibly();
                left.onExit().orTimeout(10, TimeUnit.SECONDS).join();
              });
    } catch (IOException e) {
      // It has gone with its server.
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (java.nio.file.NoSuchFileException e) {
      // A log or socket went while we walked; what is left is in target/.
    }
  }
}
