package io.dromos.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The node of the lab: {@code java -jar dromos.jar up} as a child process on a data directory of
 * its own, its output in {@code lab.log} there.
 */
final class LabNode {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(40);
  private static final Duration TASKS_GONE = Duration.ofSeconds(30);

  private final LabJar jar;
  private final Path dataDir;
  private final LabPorts ports;
  private final Map<String, String> env;
  private final Server server;
  private @Nullable Process process;
  private volatile boolean stopped;
  private long logBegan;

  LabNode(LabJar jar, Path dataDir, LabPorts ports, Map<String, String> env) {
    this.jar = jar;
    this.dataDir = dataDir;
    this.ports = ports;
    this.env = env;
    this.server = new Server(URI.create(url()), credentials());
  }

  String url() {
    return "http://127.0.0.1:" + ports.api();
  }

  /** A node that was given credentials by the environment asks for them. */
  @Nullable String credentials() {
    return env.get("DROMOS_API_CREDENTIALS");
  }

  Server server() {
    return server;
  }

  List<String> flags() {
    return List.of(
        "up",
        "--data-dir",
        dataDir.toString(),
        "--vip-mode",
        "userspace",
        "--api-address",
        "127.0.0.1",
        "--api-port",
        String.valueOf(ports.api()),
        "--dns-address",
        "127.0.0.1",
        "--dns-port",
        String.valueOf(ports.dns()),
        "--dns-tasks",
        "none",
        "--edge-address",
        "127.0.0.1",
        "--edge-http-port",
        String.valueOf(ports.edge()),
        "--edge-https-port",
        "0",
        "--edge-groups",
        "external");
  }

  /** Starts it and waits until it is ready; returns the line it says so with. */
  String start() throws CommandFailedException {
    try {
      Files.createDirectories(dataDir);
      List<String> command = new ArrayList<>();
      if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
        // Ctrl-C in the terminal is for the lab: it still needs the node to stop the tasks.
        command.add("/usr/bin/setsid");
      }
      command.addAll(jar.command(flags()));
      ProcessBuilder builder = new ProcessBuilder(command);
      // Appended: should a node be running here already, its log is not ours to empty.
      logBegan = Files.exists(log()) ? Files.size(log()) : 0;
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().keySet().removeIf(k -> k.equals("DROMOS_URL"));
      builder.environment().keySet().removeIf(k -> k.equals("DROMOS_CREDENTIALS"));
      process = builder.start();
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot start a node in " + dataDir + ": " + e.getMessage() + "; try --data-dir");
    }
    LabWait.until("the node is ready", START, this::isReady);
    return readyLine().orElse("");
  }

  private boolean isReady() throws CommandFailedException {
    if (!isAlive()) {
      throw new CommandFailedException("the node ended at once; its last words:\n" + lastWords());
    }
    try {
      return server.get("/health/ready").ok() && readyLine().isPresent();
    } catch (CommandFailedException e) {
      return false;
    }
  }

  private Optional<String> readyLine() {
    return lines().filter(l -> l.contains("Dromos is ready")).findFirst();
  }

  boolean isAlive() {
    Process node = process;
    return node != null && node.isAlive();
  }

  /** Blocks until the node ends; true if it did so by itself, and was not stopped. */
  boolean endsByItself() throws InterruptedException {
    Process node = process;
    if (node != null) {
      node.waitFor();
    }
    return !stopped;
  }

  String lastWords() {
    List<String> all = lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - 15), all.size()));
  }

  Path log() {
    return dataDir.resolve("lab.log");
  }

  /**
   * Removes the app, waits until its tasks are gone, ends the node. May be called again and from a
   * second thread; returns what could not be done, or nothing.
   */
  synchronized List<String> stop() {
    List<String> left = new ArrayList<>();
    Process node = process;
    if (stopped || node == null) {
      return left;
    }
    stopped = true;
    try {
      removeApp();
    } catch (CommandFailedException e) {
      left.add("tasks may still be running: " + e.words());
    }
    node.destroy();
    try {
      if (!node.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        node.destroyForcibly();
        left.add("the node did not stop within " + STOP.toSeconds() + " s and was killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return left;
  }

  /** Removes the lab's app and waits until its tasks are gone. */
  void removeApp() throws CommandFailedException {
    if (!isAlive()) {
      return;
    }
    Server.Answer answer = server.send("DELETE", "/v2/apps" + LabSteps.APP + "?force=true", null);
    if (answer.ok() || answer.status() == 404) {
      LabWait.until("the tasks of the lab are gone", TASKS_GONE, () -> tasks() == 0);
    } else {
      server.require(answer);
    }
  }

  private long tasks() throws CommandFailedException {
    return Json.objects(server.object("/v2/tasks").get("tasks")).stream()
        .filter(t -> LabSteps.APP.equals(t.getString("appId")))
        .count();
  }

  private Stream<String> lines() {
    try {
      byte[] all = Files.readAllBytes(log());
      int begin = (int) Math.min(logBegan, all.length);
      return new String(all, begin, all.length - begin, StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
