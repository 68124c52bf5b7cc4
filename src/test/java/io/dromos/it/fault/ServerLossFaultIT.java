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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends of the server and of the traffic process, wanted and not, with clients on the task's own
 * port, VIP, vhost and service port: without the server nothing is lost, nor when either is
 * replaced; how long traffic is away when its process is killed is printed.
 */
class ServerLossFaultIT {
  private static final int VIP_PORT = 8094;

  @TempDir Path dir;
  private Node node;
  private int servicePort;

  @BeforeEach
  void start() throws IOException {
    servicePort = Node.freePort();
    node =
        Node.start(
            dir.resolve("data"),
            Map.of("dromos.traffic.keep", "true", "dromos.traffic.drain", "10"));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void onlyTheDeathOfTheTrafficProcessIsNoticed() throws Exception {
    node.deploy(
        """
        {"id":"/web","instances":2,"cpus":0.1,"mem":32,"cmd":"%s",
         "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"web.example.com"},
         "portDefinitions":[{"port":%d,"labels":{"VIP_0":"/web:%d"}}]}"""
            .formatted(Apps.serviceCommand(), servicePort, VIP_PORT));
    JsonNode task = node.awaitTasks("web", 2, Duration.ofSeconds(40)).get(0);
    String vip =
        Await.value(
            "the VIP has an address",
            Duration.ofSeconds(10),
            () -> node.json("/console/vips").path("vips").path(0).path("address").asText(null));
    Client own = new Client(new InetSocketAddress("127.0.0.1", task.path("ports").path(0).asInt()));
    List<Client> traffic =
        List.of(
            new Client(new InetSocketAddress(vip, VIP_PORT)),
            new Client(new InetSocketAddress("127.0.0.1", node.edgePort())),
            new Client(new InetSocketAddress("127.0.0.1", servicePort)));
    Await.until(
        "all answer",
        Duration.ofSeconds(10),
        () -> own.answers() && traffic.stream().allMatch(Client::answers));
    own.start();
    traffic.forEach(Client::start);
    goOn("at first", own, traffic);

    long process = node.trafficPid();
    node.killHard();
    goOn("server killed", own, traffic);
    node.restart();
    goOn("server started again", own, traffic);
    assertEquals(process, node.trafficPid(), "the same one is found again");
    node.stop();
    goOn("server stopped in order, told to leave traffic", own, traffic);
    node.restart();

    // A server that has just started may not hear the first one yet.
    signal("HUP", process);
    for (int i = 0; i < 3 && !succeeded(process); i++) {
      signal("HUP", process);
    }
    assertTrue(node.trafficPid() != process, "a successor serves");
    goOn("traffic process replaced", own, traffic);
    Await.until(
        "the predecessor has ended",
        Duration.ofSeconds(30),
        () -> ProcessHandle.of(process).isEmpty());
    goOn("predecessor gone", own, traffic);
    assertEquals(0, traffic.stream().mapToLong(client -> client.failed.get()).sum());

    signal("KILL", node.trafficPid());
    Await.until(
        "traffic serves again",
        Duration.ofSeconds(60),
        () -> traffic.stream().allMatch(Client::answers));
    goOn("traffic process killed", own, traffic);
    own.stop();
    for (Client client : traffic) {
      client.stop();
      System.out.printf(
          "traffic process killed under load: away for %d ms%n", client.outageMillis());
    }
    assertEquals(0, own.failed.get());
    assertEquals(
        task.path("id").asText(),
        node.awaitTasks("web", 2, Duration.ofSeconds(30)).get(0).path("id").asText());
  }

  private boolean succeeded(long process) throws Exception {
    for (int i = 0; i < 200 && node.trafficPid() == process; i++) {
      Await.pause(Duration.ofMillis(100));
    }
    return node.trafficPid() != process;
  }

  /** Waits for a hundred more answers everywhere, and prints the account so far. */
  private static void goOn(String what, Client own, List<Client> traffic) {
    long before = own.served.get();
    List<Long> served = traffic.stream().map(client -> client.served.get()).toList();
    Await.until(
        "load goes on: " + what,
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < served.size(); i++) {
            if (traffic.get(i).served.get() < served.get(i) + 100) {
              return false;
            }
          }
          return own.served.get() > before + 100;
        });
    System.out.printf(
        "%s: %d requests by VIP, vhost and service port, %d failed; %d on the task's own port, %d"
            + " failed%n",
        what,
        traffic.stream().mapToLong(client -> client.served.get()).sum(),
        traffic.stream().mapToLong(client -> client.failed.get()).sum(),
        own.served.get(),
        own.failed.get());
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + pid).inheritIO().start().waitFor());
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
