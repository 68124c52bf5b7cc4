package io.dromos.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import io.dromos.launcher.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node as a user runs it, on the PostgreSQL server that Dromos brings along, started here so that
 * its rows can be counted from outside.
 */
final class BenchNode implements AutoCloseable {
  /** Ticks of {@code /proc} a second, on every Linux there is. */
  private static final double TICKS = 100;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

  private final EmbeddedPostgres postgres;
  private final Process process;

  /** As Marathon's clients speak. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;

  private BenchNode(EmbeddedPostgres postgres, Process process, String url) {
    this.postgres = postgres;
    this.process = process;
    this.url = url;
  }

  /** Starts both and waits until the node is ready. */
  static BenchNode start(Path dir, String heap, Map<String, String> settings) throws IOException {
    Files.createDirectories(dir);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(dir.resolve("database"));
    int port = Node.freePort();
    Map<String, String> all = new TreeMap<>();
    all.put("dromos.data.dir", dir.resolve("node").toString());
    all.put("dromos.db.url", postgres.jdbcUrl());
    all.put("dromos.db.user", postgres.user());
    all.put("dromos.db.password", postgres.password());
    all.put("dromos.api.port", String.valueOf(port));
    all.put("dromos.dns.port", String.valueOf(Node.freePort()));
    all.put("dromos.edge.http.port", String.valueOf(Node.freePort()));
    all.put("dromos.edge.appid.port", "0");
    all.put("dromos.stats.port", "0");
    all.put("dromos.edge.https.port", "0");
    all.put("dromos.vip.mode", "userspace");
    all.put("dromos.node.name", "bench");
    all.put("dromos.node.address", "127.0.0.1");
    all.put("dromos.node.roles", "master,edge");
    all.putAll(settings);
    List<String> command = new ArrayList<>(List.of(Node.java(), "-Xmx" + heap));
    // Such as a recording: -XX:StartFlightRecording=filename=/tmp/bench.jfr,settings=profile
    Arrays.stream(System.getProperty("dromos.bench.jvm", "").split(" "))
        .filter(option -> !option.isBlank())
        .forEach(command::add);
    all.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", Node.jar().toString(), "up"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("node.log").toFile())
            .start();
    BenchNode node = new BenchNode(postgres, process, "http://127.0.0.1:" + port);
    try {
      Await.until("node ready", Duration.ofMinutes(4), () -> node.isReady());
      return node;
    } catch (AssertionError e) {
      node.close();
      throw new AssertionError(
          e.getMessage() + "; its log:\n" + Files.readString(dir.resolve("node.log")), e);
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("node ended with " + process.exitValue());
    }
    return send("GET", "/health/ready", "").statusCode() == 200;
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  HttpResponse<byte[]> send(String method, String path, String json)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofMinutes(3))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofByteArray());
  }

  /** As {@link #send}, for what has to succeed. */
  byte[] ask(String method, String path, String json) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(method, path, json);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(
          method
              + " "
              + path
              + ": "
              + answer.statusCode()
              + " "
              + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    }
    return answer.body();
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(ask("GET", path, ""));
  }

  /** CPU seconds that the server has used so far. */
  double serverCpu() throws IOException {
    return ticks(process.pid()) / TICKS;
  }

  /** CPU seconds that the database's processes have used so far; those that ended don't count. */
  double databaseCpu() throws IOException {
    double ticks = ticks(postgres.pid());
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : processes) {
        long pid = Long.parseLong(entry.getFileName().toString());
        String[] fields = stat(pid);
        if (fields.length > 1 && Long.parseLong(fields[1]) == postgres.pid()) {
          ticks += ticks(pid);
        }
      }
    }
    return ticks / TICKS;
  }

  private static double ticks(long pid) throws IOException {
    String[] fields = stat(pid);
    return fields.length < 13 ? 0 : Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
  }

  /** From the state on; a name in front may hold anything. Empty when the process is gone. */
  private static String[] stat(long pid) throws IOException {
    try {
      String line = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (java.nio.file.NoSuchFileException e) {
      return new String[0];
    }
  }

  /** MiB of heap in use after a full collection. */
  double heapAfterCollection() throws IOException, InterruptedException {
    var unused = jcmd("GC.run");
    Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
    if (!used.find()) {
      throw new AssertionError("jcmd tells of no heap");
    }
    return Long.parseLong(used.group(1)) / 1024.0;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    String text =
        new String(asked.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      throw new AssertionError("jcmd " + command + ": " + text);
    }
    return text;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    postgres.close();
  }
}
