package io.dromos.bench;

import static io.dromos.bench.BenchTable.number;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * From the moment an agent saw a task run, or die, to the moment clients notice: asked from outside
 * through DNS, VIP and edge of a node that serves a thousand other apps. Tasks are simulated, so
 * that no program's own start is measured; what answers for them listens here. {@code
 * -Ddromos.bench.parts=served}, with {@code dromos.bench.others} and {@code dromos.bench.changes}.
 */
class ServedBench {
  private static final int OTHERS = Integer.getInteger("dromos.bench.others", 1_000);
  private static final int CHANGES = Integer.getInteger("dromos.bench.changes", 100);
  private static final int FIRST_PORT = 31_500;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Duration GONE = Duration.ofMillis(500);
  private static final String ZONE = ".marathon.l4lb.thisdcos.directory";

  private final BenchTable table =
      new BenchTable(
          "served",
          number(
              "%,d other apps with VIP and vhost, JDK %s, %d processors.",
              OTHERS, Runtime.version().feature(), Runtime.getRuntime().availableProcessors()));
  private final int dnsPort = Node.freePort();
  private final int edgePort = Node.freePort();
  private final Frontends frontends = new Frontends(dnsPort, edgePort);
  private final ExecutorService clients = Executors.newCachedThreadPool();

  ServedBench() throws IOException {}

  @Test
  void measure() throws Exception {
    Assumptions.assumeTrue(
        Set.of(System.getProperty("dromos.bench.parts", "served").split(",")).contains("served"),
        "this part was not asked for");
    Path dir = Path.of("target", "bench", "served-" + ProcessHandle.current().pid());
    List<HttpServer> backends = new ArrayList<>();
    try (BenchNode node =
        BenchNode.start(
            dir.toAbsolutePath(),
            System.getProperty("dromos.bench.heap", "2g"),
            Map.of(
                "dromos.node.roles", "master,agent,edge",
                "dromos.runtime.simulated", "true",
                "dromos.simulated.agents", "100",
                "dromos.simulated.script", "start=1ms",
                "dromos.dns.port", String.valueOf(dnsPort),
                "dromos.edge.http.port", String.valueOf(edgePort)))) {
      for (int i = 0; i < CHANGES; i++) {
        backends.add(backend(FIRST_PORT + i));
      }
      String others =
          IntStream.range(0, OTHERS)
              .mapToObj(i -> app("/others/o" + i, "o" + i, 0, "", "LIKE"))
              .collect(Collectors.joining(",", "[", "]"));
      var unused = node.ask("PUT", "/v2/apps", others);
      Await.until("the others run", PATIENCE, () -> node.json("/v2/deployments").isEmpty());
      appearances(node);
      losses(node);
    } finally {
      clients.shutdownNow();
      backends.forEach(backend -> backend.stop(0));
    }
  }

  private static HttpServer backend(int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    byte[] answer = String.valueOf(port).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private void appearances(BenchNode node) throws Exception {
    List<Double> dns = new ArrayList<>();
    List<Double> vip = new ArrayList<>();
    List<Double> edge = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      String name = "up" + i;
      String port = String.valueOf(FIRST_PORT + i);
      Future<Instant[]> inside =
          clients.submit(
              () -> {
                InetAddress address = first(() -> frontends.resolve(name + ZONE));
                Instant resolved = Instant.now();
                first(() -> answered(port, askVip(address, name)));
                return new Instant[] {resolved, Instant.now()};
              });
      Future<Instant> outside =
          clients.submit(
              () -> {
                first(() -> answered(port, frontends.throughEdge(name + ".example")));
                return Instant.now();
              });
      var unused =
          node.ask("POST", "/v2/apps", app("/" + name, name, FIRST_PORT + i, "", "UNLIKE"));
      Instant[] seenInside = inside.get(1, TimeUnit.MINUTES);
      Instant seenOutside = outside.get(1, TimeUnit.MINUTES);
      Instant began = began(node, name);
      dns.add(millis(began, seenInside[0]));
      vip.add(millis(began, seenInside[1]));
      edge.add(millis(began, seenOutside));
      delete(node, name);
    }
    row("task seen running to its name in DNS", dns, "p99 100 ms");
    row("task seen running to an answer through its VIP", vip, "p99 100 ms");
    row("task seen running to an answer through the edge", edge, "p99 100 ms");
  }

  private void losses(BenchNode node) throws Exception {
    List<Double> vip = new ArrayList<>();
    List<Double> edge = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      String name = "down" + i;
      var unused =
          node.ask(
              "POST", "/v2/apps", app("/" + name, name, FIRST_PORT + i, "run=4s,exit=1", "UNLIKE"));
      InetAddress address = first(() -> frontends.resolve(name + ZONE));
      Future<Instant> inside = clients.submit(() -> lastSuccess(() -> askVip(address, name)));
      Future<Instant> outside =
          clients.submit(() -> lastSuccess(() -> frontends.throughEdge(name + ".example")));
      Instant lastInside = inside.get(1, TimeUnit.MINUTES);
      Instant lastOutside = outside.get(1, TimeUnit.MINUTES);
      Instant died =
          Instant.parse(
              node.json("/v2/apps/" + name + "?embed=app.lastTaskFailure")
                  .at("/app/lastTaskFailure/timestamp")
                  .asText());
      vip.add(Math.max(0, millis(died, lastInside)));
      edge.add(Math.max(0, millis(died, lastOutside)));
      delete(node, name);
    }
    row("task seen dead to the last new connection through its VIP", vip, "p99 50 ms");
    row("task seen dead to the last request through the edge", edge, "p99 50 ms");
  }

  private static void delete(BenchNode node, String name) throws Exception {
    var unused = node.ask("DELETE", "/v2/apps/" + name + "?force=true", "");
  }

  private static Instant began(BenchNode node, String name) throws Exception {
    List<JsonNode> tasks = new ArrayList<>();
    node.json("/v2/apps/" + name + "/tasks").path("tasks").forEach(tasks::add);
    return Instant.parse(tasks.get(0).path("startedAt").asText());
  }

  private static String askVip(InetAddress address, String name) {
    return Frontends.ask(new InetSocketAddress(address, 9000), name);
  }

  private static Optional<String> answered(String expected, String answer) {
    return expected.equals(answer) ? Optional.of(answer) : Optional.empty();
  }

  private static <T> T first(Callable<Optional<T>> attempt) throws Exception {
    Instant patience = Instant.now().plusSeconds(30);
    while (Instant.now().isBefore(patience)) {
      Optional<T> result = attempt.call();
      if (result.isPresent()) {
        return result.get();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("nothing came in 30 s");
  }

  /** When the last request began that a backend answered; over when none did for a while. */
  private static Instant lastSuccess(Callable<String> attempt) throws Exception {
    Instant last = Instant.now();
    boolean any = false;
    while (!any || Instant.now().isBefore(last.plus(GONE))) {
      Instant begun = Instant.now();
      if (!attempt.call().isEmpty()) {
        last = begun;
        any = true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return last;
  }

  private void row(String what, List<Double> millis, String aim) throws IOException {
    List<Double> sorted = millis.stream().sorted().toList();
    table.row(
        what,
        number(
            "p50 %.0f ms, p99 %.0f ms, longest %.0f ms",
            sorted.get(sorted.size() / 2),
            sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1),
            sorted.get(sorted.size() - 1)),
        aim,
        number("%d changes, a new connection about every millisecond", sorted.size()));
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  private static String app(String id, String name, int port, String script, String simulated) {
    return """
        {"id":"%s","cmd":"exec sleep 100000","cpus":0.001,"mem":1,"instances":1,
         "backoffSeconds":3600,"requirePorts":%s,
         "constraints":[["simulated","%s",".*"]],
         "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"%s.example",
          "DROMOS_SIMULATED":"%s"},
         "portDefinitions":[{"port":%d,"protocol":"tcp","labels":{"VIP_0":"/%s:9000"}}]}"""
        .formatted(id, port > 0, simulated, name, script, port, name);
  }
}
