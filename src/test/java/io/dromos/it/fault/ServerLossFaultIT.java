package io.dromos.it.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Apps;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the server and a new start, with a client on the task's own port and one on
 * each of VIP and edge. The task must not notice; how long VIP and edge are away is printed.
 */
class ServerLossFaultIT {
  private static final int VIP_PORT = 8094;

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
  void aTaskServesOnItsOwnPortWithoutAnErrorWhileTheServerIsAway() throws Exception {
    node.deploy(
        """
        {"id":"/web","instances":1,"cpus":0.1,"mem":32,"cmd":"%s",
         "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"web.example.com"},
         "portDefinitions":[{"labels":{"VIP_0":"/web:%d"}}]}"""
            .formatted(Apps.serviceCommand(), VIP_PORT));
    JsonNode task = node.awaitTasks("web", 1, Duration.ofSeconds(40)).get(0);
    String vip =
        Await.value(
            "the VIP has an address",
            Duration.ofSeconds(10),
            () -> node.json("/console/vips").path("vips").path(0).path("address").asText(null));
    Client own = new Client(new InetSocketAddress("127.0.0.1", task.path("ports").path(0).asInt()));
    Client byVip = new Client(new InetSocketAddress(vip, VIP_PORT));
    Client byEdge = new Client(new InetSocketAddress("127.0.0.1", node.edgePort()));
    Await.until(
        "all three answer",
        Duration.ofSeconds(10),
        () -> own.answers() && byVip.answers() && byEdge.answers());

    own.start();
    byVip.start();
    byEdge.start();
    Await.until("load is on", Duration.ofSeconds(10), () -> own.served.get() > 100);
    node.killHard();
    node.restart();
    Await.until(
        "VIP and edge serve again",
        Duration.ofSeconds(60),
        () -> byVip.answers() && byEdge.answers());
    long before = own.served.get();
    Await.until("load goes on", Duration.ofSeconds(10), () -> own.served.get() > before + 100);
    own.stop();
    byVip.stop();
    byEdge.stop();

    System.out.printf(
        "server killed under load: %d requests on the task's own port, %d failed;"
            + " away: VIP %d ms, edge %d ms%n",
        own.served.get(), own.failed.get(), byVip.outageMillis(), byEdge.outageMillis());
    assertEquals(0, own.failed.get());
    assertTrue(own.served.get() > 200);
    assertEquals(
        task.path("id").asText(),
        node.awaitTasks("web", 1, Duration.ofSeconds(30)).get(0).path("id").asText());
  }

  /** One request after the other, each on a connection of its own. */
  private static final class Client {
    private final InetSocketAddress target;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong firstFailure = new AtomicLong();
    private final AtomicLong lastFailure = new AtomicLong();
    private final Thread thread = new Thread(this::load);

    Client(InetSocketAddress target) {
      this.target = target;
    }

    void start() {
      thread.start();
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      thread.join(10_000);
    }

    long outageMillis() {
      return Duration.ofNanos(lastFailure.get() - firstFailure.get()).toMillis();
    }

    private void load() {
      while (!stopped.get()) {
        long now = System.nanoTime();
        if (answers()) {
          served.incrementAndGet();
        } else {
          failed.incrementAndGet();
          firstFailure.compareAndSet(0, now);
          lastFailure.set(System.nanoTime());
        }
        Await.pause(Duration.ofMillis(5));
      }
    }

    boolean answers() {
      try (Socket socket = new Socket()) {
        socket.connect(target, 2000);
        socket.setSoTimeout(5000);
        socket
            .getOutputStream()
            .write(
                "GET /endpoint0 HTTP/1.1\r\nHost: web.example.com\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return answer.startsWith("HTTP/1.1 200") && answer.contains("all is well");
      } catch (IOException e) {
        return false;
      }
    }
  }
}
