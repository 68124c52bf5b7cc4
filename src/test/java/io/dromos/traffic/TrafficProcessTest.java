package io.dromos.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.it.e2e.Await;
import io.dromos.platform.Settings;
import io.dromos.platform.ThreadLoops;
import io.dromos.platform.TrafficDir;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.EdgeService;
import io.dromos.routing.PlaneState;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traffic process and the server's link to it, in one JVM, with real sockets. */
class TrafficProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String VIP = "127.129.7.1";

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TrafficDir directory;
  private Settings settings;
  private int edgePort;
  private int vipPort;

  @BeforeEach
  void create() throws IOException {
    directory = TrafficDir.of(dir);
    directory.create();
    edgePort = freePort();
    vipPort = freePort();
    settings =
        Settings.of(
            Map.of(
                "dromos.vip.mode",
                "userspace",
                "dromos.dns.port",
                String.valueOf(freePort()),
                "dromos.edge.http.port",
                String.valueOf(edgePort),
                "dromos.traffic.drain",
                "20"));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Answers every request on every connection with its name, keep-alive. */
  private Backend backend(String name) throws IOException {
    ServerSocket server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    open.add(server);
    Thread acceptor =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket socket = server.accept();
                  Thread worker = new Thread(() -> answer(socket, name));
                  worker.setDaemon(true);
                  worker.start();
                }
              } catch (IOException e) {
                // Closed by the test.
              }
            });
    acceptor.setDaemon(true);
    acceptor.start();
    return new Backend(
        new TaskId(name),
        new AppId("/web"),
        "node",
        "127.0.0.1",
        server.getLocalPort(),
        Backend.State.ACTIVE);
  }

  private static void answer(Socket socket, String name) {
    try (socket) {
      byte[] buffer = new byte[4096];
      StringBuilder text = new StringBuilder();
      int read;
      while ((read = socket.getInputStream().read(buffer)) > 0) {
        text.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
        if (text.indexOf("\r\n\r\n") >= 0) {
          text.setLength(0);
          String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private RoutingSnapshot snapshot(long version, Backend... backends) {
    EdgeService service =
        EdgeService.plain(new AppId("/web"), 0, 10000, ServicePort.Mode.HTTP, List.of(backends));
    return new RoutingSnapshot(
        version,
        version,
        List.of(
            new Vip(
                "web.marathon.l4lb.thisdcos.directory",
                VIP,
                vipPort,
                Protocol.TCP,
                List.of(backends))),
        List.of(VhostRoute.plain("web.example.com", null, 0, service)),
        List.of(),
        List.of(service),
        DnsRecords.EMPTY,
        Map.of(),
        Instant.now());
  }

  private TrafficLink link() {
    TrafficLink link =
        new TrafficLink(
            directory,
            new ThreadLoops(TrafficProcessTest::daemon),
            Clock.systemUTC(),
            () -> {},
            () -> {});
    open.add(link);
    return link;
  }

  private TrafficProcess process(String identity) throws IOException {
    TrafficProcess process = TrafficProcess.start(directory, identity, settings);
    open.add(process::stop);
    return process;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private static long served(TrafficLink link) {
    return link.states().stream().mapToLong(PlaneState::revision).min().orElse(0);
  }

  private static String get(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5_000);
      socket.setSoTimeout(5_000);
      return ask(socket, "close");
    }
  }

  /** The body of the answer, "" for any that is not whole. */
  private static String ask(Socket socket, String connection) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET / HTTP/1.1\r\nHost: web.example.com\r\nConnection: " + connection + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[4096];
    int read;
    while ((read = socket.getInputStream().read(buffer)) > 0) {
      text.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0 && text.length() > end + 4) {
        return text.toString();
      }
    }
    return "";
  }

  @Test
  void thePlanesServeWhatTheServerSaysAndGoOnWhenItHasGone() throws Exception {
    TrafficLink link = link();
    link.serve(snapshot(7, backend("one")));
    assertEquals(
        List.of("waits for the traffic process"),
        link.states().stream().map(PlaneState::line).toList());
    process("a");
    Await.until("served", LIMIT, () -> served(link) == 7);
    assertEquals(
        List.of("l4", "dns", "edge", "stats"),
        link.states().stream().map(PlaneState::name).toList());
    assertTrue(get(VIP, vipPort).endsWith("one"));
    assertTrue(get("127.0.0.1", edgePort).endsWith("one"));
    link.close();
    assertTrue(get(VIP, vipPort).endsWith("one"));
    TrafficLink next = link();
    next.serve(snapshot(8, backend("two")));
    Await.until("the next server is heard", LIMIT, () -> served(next) == 8);
    assertTrue(get("127.0.0.1", edgePort).endsWith("two"));
  }

  @Test
  void theLastRoutesAreServedBeforeThereIsAServer() throws Exception {
    TrafficLink link = link();
    link.serve(snapshot(7, backend("one")));
    TrafficProcess first = process("a");
    Await.until("served", LIMIT, () -> served(link) == 7);
    link.close();
    Await.until("kept", LIMIT, () -> Files.exists(directory.snapshot()));
    first.stop();
    first.awaitEnd();
    process("a");
    assertTrue(get(VIP, vipPort).endsWith("one"));
    assertTrue(get("127.0.0.1", edgePort).endsWith("one"));
  }

  @Test
  void aSuccessorTakesOverWithoutALostRequest() throws Exception {
    TrafficLink link = link();
    Backend backend = backend("one");
    link.serve(snapshot(7, backend));
    TrafficProcess before = process("a");
    Await.until("served", LIMIT, () -> served(link) == 7);
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String address = i % 2 == 0 ? VIP : "127.0.0.1";
      int port = i % 2 == 0 ? vipPort : edgePort;
      Thread client =
          daemon(
              () -> {
                while (!stopped.get()) {
                  try {
                    if (get(address, port).endsWith("one")) {
                      answered.incrementAndGet();
                    } else {
                      failures.add("not whole");
                    }
                  } catch (IOException e) {
                    failures.add(address + ": " + e);
                  }
                }
              });
      client.start();
      clients.add(client);
    }
    try (Socket kept = new Socket("127.0.0.1", edgePort);
        Socket relayed = new Socket(VIP, vipPort)) {
      assertTrue(ask(kept, "keep-alive").endsWith("one"));
      assertTrue(ask(relayed, "keep-alive").endsWith("one"));
      Await.until("load", LIMIT, () -> answered.get() > 200);
      process("b");
      int soFar = answered.get();
      Await.until("load goes on", LIMIT, () -> answered.get() > soFar + 500);
      String last = ask(kept, "keep-alive");
      assertTrue(last.endsWith("one") && last.contains("onnection: close"), last);
      assertTrue(ask(relayed, "keep-alive").endsWith("one"), "a relay goes on");
    }
    before.awaitEnd();
    link.serve(snapshot(9, backend, backend("one")));
    Await.until("the link has found the successor", LIMIT, () -> served(link) == 9);
    stopped.set(true);
    for (Thread client : clients) {
      client.join(10_000);
    }
    assertEquals(List.of(), failures, answered + " answered");
  }
}
