package io.dromos.bench;

import static io.dromos.bench.BenchTable.number;

import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import io.dromos.routing.BenchRoutes;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The measurements of {@link TrafficBench}, in the network namespace that it made. Each part starts
 * the servers it needs, measures them in turn and ends them.
 */
final class TrafficRun {
  static final Set<String> PARTS =
      Set.of("http", "many", "close", "tcp", "body", "vips", "proxy", "dns", "memory");

  private static final String VHOST = "Host: " + BenchRoutes.vhost(0);
  private static final String CLOSE = "Connection: close";

  private final Path dir;
  private final BenchTable table;
  private final BenchTable memory;
  private final Rounds rounds;

  private TrafficRun(Path dir, String where) {
    this.dir = dir;
    String head =
        number(
            "JDK %s, %d processors, %s.",
            Runtime.version().feature(), Runtime.getRuntime().availableProcessors(), where);
    this.table = new BenchTable("traffic", head, Rounds.COLUMNS);
    this.memory = new BenchTable("traffic-memory", head);
    this.rounds = new Rounds(table);
  }

  static Set<String> chosen() {
    return Set.of(System.getProperty("dromos.bench.parts", String.join(",", PARTS)).split(","));
  }

  /** Arguments: a directory of its own, and where this runs, in words. */
  public static void main(String[] args) throws Exception {
    TrafficRun run = new TrafficRun(Path.of(args[0]), args[1]);
    Set<String> parts = chosen();
    if (parts.contains("http")) {
      run.http("64 keep-alive connections", 64, List.of());
    }
    if (parts.contains("many")) {
      run.http("1,000 keep-alive connections", 1_000, List.of());
      run.http("4,000 keep-alive connections", 4_000, List.of());
    }
    if (parts.contains("close")) {
      run.http("64 clients, a connection a request", 64, List.of(CLOSE));
    }
    if (parts.contains("tcp")) {
      run.tcp("TCP, 64 connections, small answers", "/", List.of());
      run.tcp("TCP, 64 clients, a connection a request", "/", List.of(CLOSE));
    }
    if (parts.contains("body")) {
      run.tcp("TCP, 64 connections, answers of 1 MiB", "/1m", List.of());
    }
    if (parts.contains("vips")) {
      run.vips();
    }
    if (parts.contains("proxy")) {
      run.proxy();
    }
    if (parts.contains("dns")) {
      run.dns();
    }
    if (parts.contains("memory")) {
      run.memory();
    }
  }

  private static Contender.Attack attack(
      String url, int connections, List<String> headers, String... more) {
    List<String> all = new ArrayList<>(headers);
    all.addAll(Arrays.asList(more));
    return seconds -> Load.http(url, all, connections, seconds);
  }

  private static String local(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private void http(String load, int connections, List<String> headers) throws Exception {
    try (Peers peers = new Peers(dir)) {
      List<Peer> backend = List.of(peers.backend());
      Peer one = peers.haproxyHttp(1, 18411);
      Peer two = peers.haproxyHttp(2, 18412);
      Peer nginx = peers.nginxProxy(18413);
      Peer ours = peers.planes("planes", 1, 8400, 18414, 0);
      var unused = ours.awaitLine("ready");
      List<Contender> contenders =
          List.of(
              new Contender(
                  "direct",
                  "",
                  List.of(),
                  backend,
                  attack(local(Peers.BACKEND, "/"), connections, headers)),
              new Contender(
                  "HAProxy, tuned, 1 thread",
                  "",
                  List.of(one),
                  backend,
                  attack(local(18411, "/"), connections, headers)),
              new Contender(
                  "HAProxy, tuned, 2 threads",
                  "",
                  List.of(two),
                  backend,
                  attack(local(18412, "/"), connections, headers)),
              new Contender(
                  "nginx, 2 workers",
                  "",
                  List.of(nginx),
                  backend,
                  attack(local(18413, "/"), connections, headers)),
              new Contender(
                  "Dromos edge",
                  connections == 64 ? "1.0, p99 no worse" : "1.2, p99 no worse",
                  List.of(ours),
                  backend,
                  attack(local(18414, "/"), connections, headers, VHOST)));
      rounds.run(load, contenders.subList(1, 3), contenders);
    }
  }

  private void tcp(String load, String path, List<String> headers) throws Exception {
    try (Peers peers = new Peers(dir)) {
      List<Peer> backend = List.of(peers.backend());
      Peer one = peers.haproxyTcp(1, 0, 18411);
      Peer two = peers.haproxyTcp(2, 0, 18412);
      Peer large = peers.haproxyTcp(1, 128 << 10, 18415);
      Peer largeTwo = peers.haproxyTcp(2, 128 << 10, 18416);
      Peer ours = peers.planes("planes", 1, 8400, 0, 0);
      String vip = ours.awaitLine("ready");
      boolean small = path.equals("/");
      List<Contender> contenders =
          List.of(
              new Contender(
                  "direct",
                  "",
                  List.of(),
                  backend,
                  attack(local(Peers.BACKEND, path), 64, headers)),
              new Contender(
                  "HAProxy TCP, its own buffers, 1 thread",
                  "",
                  List.of(one),
                  backend,
                  attack(local(18411, path), 64, headers)),
              new Contender(
                  "HAProxy TCP, its own buffers, 2 threads",
                  "",
                  List.of(two),
                  backend,
                  attack(local(18412, path), 64, headers)),
              new Contender(
                  "HAProxy TCP, buffers of 128 KiB, 1 thread",
                  "",
                  List.of(large),
                  backend,
                  attack(local(18415, path), 64, headers)),
              new Contender(
                  "HAProxy TCP, buffers of 128 KiB, 2 threads",
                  "",
                  List.of(largeTwo),
                  backend,
                  attack(local(18416, path), 64, headers)),
              new Contender(
                  "Dromos VIP, userspace",
                  small ? "0.95" : "1.3",
                  List.of(ours),
                  backend,
                  attack("http://" + vip + ":8400" + path, 64, headers)));
      rounds.run(load, contenders.subList(1, small ? 3 : 5), contenders);
    }
  }

  /** A connection a request to one VIP among many. */
  private void vips() throws Exception {
    try (Peers peers = new Peers(dir)) {
      List<Peer> backend = List.of(peers.backend());
      List<Contender> contenders = new ArrayList<>();
      for (int count : List.of(1, 100, 1_000)) {
        Peer ours = peers.planes("planes" + count, count, 8400 + count, 0, 0);
        String url = "http://" + ours.awaitLine("ready") + ":" + (8400 + count) + "/";
        contenders.add(
            new Contender(
                number("Dromos VIP, userspace, one of %,d", count),
                count == 1 ? "" : "0.9",
                List.of(ours),
                backend,
                attack(url, 64, List.of(CLOSE))));
      }
      rounds.run("TCP, 64 clients, a connection a request", contenders.subList(0, 1), contenders);
    }
  }

  /** Through Payara's listener and a servlet: a node as a user runs it. */
  private void proxy() throws Exception {
    try (Peers peers = new Peers(dir);
        Node node =
            Node.start(
                dir.resolve("node-" + ProcessHandle.current().pid()),
                Map.of("dromos.node.ports", Peers.BACKEND + "-" + Peers.BACKEND))) {
      node.deploy(
          """
          {"id":"/app0","instances":1,"cpus":0.01,"mem":1,"cmd":"exec sleep 100000",
           "requirePorts":true,"portDefinitions":[{"port":%d,"labels":{"VIP_0":"/app0:80"}}]}
          """
              .formatted(Peers.BACKEND));
      var unused = node.awaitTasks("app0", 1, Duration.ofMinutes(1));
      // The task only stands for the backend of all the others, which now takes its port.
      List<Peer> backend = List.of(peers.backend());
      Peer one = peers.haproxyHttp(1, 18411);
      Peer two = peers.haproxyHttp(2, 18412);
      Peer ours = Peer.of("node", node.pid());
      String host = "Host: " + BenchRoutes.vip(0);
      String url = local(node.apiPort(), "/");
      Await.until(
          "the servlet proxy serves",
          Duration.ofSeconds(20),
          () -> Load.http(url, List.of(host), 1, 1).failed() == 0);
      // A whole application server compiles for longer than the usual warm-up takes.
      var unusedAnswers = Load.http(url, List.of(host), 64, 20);
      List<Contender> contenders =
          List.of(
              new Contender(
                  "HAProxy, tuned, 1 thread",
                  "",
                  List.of(one),
                  backend,
                  attack(local(18411, "/"), 64, List.of())),
              new Contender(
                  "HAProxy, tuned, 2 threads",
                  "",
                  List.of(two),
                  backend,
                  attack(local(18412, "/"), 64, List.of())),
              new Contender(
                  "Dromos servlet proxy in Payara",
                  "0.35, goal 0.5",
                  List.of(ours),
                  backend,
                  attack(url, 64, List.of(host))));
      rounds.run("64 keep-alive connections", contenders.subList(0, 2), contenders);
    }
  }

  private void dns() throws Exception {
    try (Peers peers = new Peers(dir)) {
      Peer ours = peers.planes("planes", Peers.NAMES, 8400, 0, 18453);
      Peer knot = peers.knot(18454);
      Peer dnsmasq = peers.dnsmasq(18455);
      String questions = peers.questions();
      var unused = ours.awaitLine("ready");
      for (int outstanding : List.of(100, 400)) {
        String load = "DNS, " + outstanding + " questions outstanding";
        List<Contender> contenders =
            List.of(
                contender("Knot, UDP, 1 worker", "", knot, 18454, false, questions, outstanding),
                contender("dnsmasq, UDP", "", dnsmasq, 18455, false, questions, outstanding),
                contender(
                    "Dromos, UDP",
                    "0.9 Knot, 1.0 dnsmasq",
                    ours,
                    18453,
                    false,
                    questions,
                    outstanding),
                contender("Dromos, TCP", "0.4 own UDP", ours, 18453, true, questions, outstanding));
        rounds.run(load, contenders.subList(0, 1), contenders);
      }
    }
  }

  private static Contender contender(
      String name, String aim, Peer server, int port, boolean tcp, String file, int outstanding) {
    return new Contender(
        name,
        aim,
        List.of(server),
        List.of(),
        seconds -> Load.dns(port, tcp, file, outstanding, seconds));
  }

  /** What the server's own memory grows by with every connection that has served and now rests. */
  private void memory() throws Exception {
    try (Peers peers = new Peers(dir)) {
      var unusedBackend = peers.backend();
      Peer http = peers.haproxyHttp(1, 18411);
      Peer tcp = peers.haproxyTcp(1, 0, 18412);
      Peer nginx = peers.nginxProxy(18413);
      Peer ours = peers.planes("planes", 1, 8400, 18414, 0);
      String vip = ours.awaitLine("ready");
      idle("HAProxy HTTP, tuned", http, "127.0.0.1", 18411);
      idle("HAProxy TCP", tcp, "127.0.0.1", 18412);
      idle("nginx", nginx, "127.0.0.1", 18413);
      idle("Dromos edge", ours, "127.0.0.1", 18414);
      idle("Dromos VIP, userspace", ours, vip, 8400);
    }
  }

  private void idle(String name, Peer server, String host, int port) throws Exception {
    int count = 4_000;
    List<Socket> open = new ArrayList<>();
    try {
      ask(open, host, port, 200); // classes, first buffers
      long before = server.residentKib();
      ask(open, host, port, count);
      long after = server.residentKib();
      memory.row(
          name + ", an idle connection",
          number("%.1f KiB", (after - before) / (double) count),
          "",
          number(
              "resident memory %,d KiB, then %,d KiB with %,d more connections that each had"
                  + " one answer",
              before, after, count));
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static void ask(List<Socket> open, String host, int port, int count) throws IOException {
    byte[] request =
        ("GET / HTTP/1.1\r\nHost: " + BenchRoutes.vhost(0) + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[4096];
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(host, port);
      open.add(socket);
      socket.getOutputStream().write(request);
      int read = socket.getInputStream().read(answer);
      String text = new String(answer, 0, Math.max(0, read), StandardCharsets.US_ASCII);
      if (!text.startsWith("HTTP/1.1 200")) {
        throw new IOException("no good answer: " + text);
      }
    }
  }
}
