package io.dromos.it.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Apps;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Listeners;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of one task under load: only requests in flight on it may fail. */
class BackendLossFaultIT {
  private static final int VIP_PORT = 8093;

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
  void connectionsOpenedFiftyMillisecondsLaterNeverFailAndTheTaskIsReplaced() throws Exception {
    node.deploy(
        """
        {"id":"/web","instances":3,"cpus":0.1,"mem":32,"cmd":"%s",
         "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"web.example.com"},
         "portDefinitions":[{"labels":{"VIP_0":"/web:%d"}}]}"""
            .formatted(Apps.serviceCommand(), VIP_PORT));
    List<JsonNode> tasks = node.awaitTasks("web", 3, Duration.ofSeconds(40));
    InetAddress vip = vipAddress();
    Await.until(
        "VIP serves",
        Duration.ofSeconds(10),
        () -> request(new InetSocketAddress(vip, VIP_PORT), "web"));
    Await.until("edge serves", Duration.ofSeconds(10), () -> request(edge(), "web.example.com"));

    Queue<Long> failures = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger done = new AtomicInteger();
    Thread[] clients = new Thread[8];
    for (int i = 0; i < clients.length; i++) {
      InetSocketAddress target = i % 2 == 0 ? new InetSocketAddress(vip, VIP_PORT) : edge();
      String host = i % 2 == 0 ? "web" : "web.example.com";
      clients[i] = new Thread(() -> load(target, host, stop, failures, done));
      clients[i].start();
    }
    Await.until("load is on", Duration.ofSeconds(10), () -> done.get() > 200);

    int port = tasks.get(0).path("ports").path(0).asInt();
    long pid = listenerOf(port);
    long killed = System.nanoTime();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    int before = done.get();
    Set<String> old = new TreeSet<>();
    tasks.forEach(task -> old.add(task.path("id").asText()));
    Await.until(
        "a replacement runs",
        Duration.ofSeconds(5),
        () -> {
          for (JsonNode task : node.json("/v2/apps/web/tasks").path("tasks")) {
            if (task.path("state").asText().equals("TASK_RUNNING")
                && !old.contains(task.path("id").asText())) {
              return true;
            }
          }
          return false;
        });
    long replaced = Duration.ofNanos(System.nanoTime() - killed).toMillis();
    Await.until("load went on", Duration.ofSeconds(10), () -> done.get() > before + 500);
    stop.set(true);
    for (Thread client : clients) {
      client.join(10_000);
    }

    List<Long> late =
        failures.stream().map(at -> (at - killed) / 1_000_000).filter(ms -> ms > 50).toList();
    System.out.printf(
        "backend killed under load: %d requests, %d failed, replaced after %d ms%n",
        done.get(), failures.size(), replaced);
    assertTrue(failures.size() <= clients.length, failures.size() + " failed, more than in flight");
    assertTrue(late.isEmpty(), "connections opened this many ms after the kill failed: " + late);
    assertTrue(replaced < 3000, "replaced after " + replaced + " ms");
  }

  private InetSocketAddress edge() {
    return new InetSocketAddress("127.0.0.1", node.edgePort());
  }

  private InetAddress vipAddress() throws Exception {
    for (JsonNode vip : node.json("/console/vips").path("vips")) {
      if (vip.path("name").asText().startsWith("web.")) {
        return InetAddress.getByName(vip.path("address").asText());
      }
    }
    throw new AssertionError("no VIP: " + node.get("/console/vips").body());
  }

  private static void load(
      InetSocketAddress target,
      String host,
      AtomicBoolean stop,
      Queue<Long> failures,
      AtomicInteger done) {
    while (!stop.get()) {
      long opened = System.nanoTime();
      if (!request(target, host)) {
        failures.add(opened);
      }
      done.incrementAndGet();
    }
  }

  /** One request on a connection of its own. */
  private static boolean request(InetSocketAddress target, String host) {
    try (Socket socket = new Socket()) {
      socket.connect(target, 2000);
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write(
              ("GET /endpoint0 HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.startsWith("HTTP/1.1 200") && answer.contains("all is well");
    } catch (IOException e) {
      return false;
    }
  }

  /** Process that listens on a port of this machine. */
  private static long listenerOf(int port) throws IOException {
    return Listeners.processListeningOn(port);
  }
}
