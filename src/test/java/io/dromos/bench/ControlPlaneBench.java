package io.dromos.bench;

import static io.dromos.bench.BenchTable.number;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The control plane on its own: a real node with the PostgreSQL that Dromos brings along, {@code
 * fsync} on, and thousands of simulated agents. What counts is durable in PostgreSQL and visible in
 * the API. Sizes are system properties, for a quick try: {@code -Ddromos.bench.agents=500
 * -Ddromos.bench.instances=100,1000 -Ddromos.bench.apps=500 -Ddromos.bench.parts=tasks}.
 */
class ControlPlaneBench {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int ROUNDS = 3;
  private static final int SAMPLES = Integer.getInteger("dromos.bench.samples", 200);
  private static final int AGENTS = Integer.getInteger("dromos.bench.agents", 5_000);
  private static final int APPS = Integer.getInteger("dromos.bench.apps", 5_000);
  private static final int SINGLES = Integer.getInteger("dromos.bench.singles", 1_000);
  private static final List<Integer> INSTANCES =
      Arrays.stream(System.getProperty("dromos.bench.instances", "1000,10000").split(","))
          .map(Integer::valueOf)
          .toList();
  private static final Set<String> PARTS =
      Set.of(System.getProperty("dromos.bench.parts", "tasks,apps,loaded").split(","));

  private final BenchTable table =
      new BenchTable(
          "control-plane",
          number(
              "%d simulated agents, JDK %s, %d processors.",
              AGENTS, Runtime.version().feature(), Runtime.getRuntime().availableProcessors()));

  /**
   * One run.
   *
   * @param durable seconds from the request to the last RUNNING in PostgreSQL
   * @param visible seconds until the API tells of all of them
   * @param commits transactions that changed what anybody wants or sees
   * @param events told meanwhile
   */
  private record Run(double durable, double visible, int commits, int events) {}

  @Test
  void measure() throws Exception {
    Assumptions.assumeTrue(
        PARTS.stream().anyMatch(Set.of("tasks", "apps", "loaded")::contains),
        "none of these parts was asked for");
    Assumptions.assumeTrue(
        PARTS.stream().anyMatch(Set.of("tasks", "apps", "loaded")::contains),
        "none of these parts was asked for");
    Path dir = Path.of("target", "bench", "node-" + ProcessHandle.current().pid()).toAbsolutePath();
    try (BenchNode node =
            BenchNode.start(
                dir,
                System.getProperty("dromos.bench.heap", "2g"),
                Map.of(
                    "dromos.simulated.agents",
                    String.valueOf(AGENTS),
                    "dromos.simulated.script",
                    "start=1ms"));
        ClusterRows rows = new ClusterRows(node.postgres())) {
      Await.until("all agents are there", PATIENCE, () -> rows.agents() == AGENTS);
      table.row(
          "PostgreSQL",
          rows.setting("server_version"),
          "",
          "fsync "
              + rows.setting("fsync")
              + ", synchronous_commit "
              + rows.setting("synchronous_commit"));
      warmUp(node, rows);
      if (PARTS.contains("tasks")) {
        oneApp(node, rows);
      }
      if (PARTS.contains("apps")) {
        manyApps(node, rows);
      }
      if (PARTS.contains("loaded")) {
        load(node, rows);
        requests(node);
        idle(node);
      }
    }
  }

  /** Compiled code is what production runs. */
  private static void warmUp(BenchNode node, ClusterRows rows) throws Exception {
    for (int i = 0; i < 5; i++) {
      var unused = run(node, rows, "/warm" + i, 300);
      delete(node, rows, "/warm" + i);
    }
  }

  private void oneApp(BenchNode node, ClusterRows rows) throws Exception {
    List<Double> costs = new ArrayList<>();
    for (int instances : INSTANCES) {
      List<Run> runs = new ArrayList<>();
      double limit = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        String app = "/one-" + instances + "-" + round;
        Run run = run(node, rows, app, instances);
        runs.add(run);
        try (JdbcLimit jdbc = new JdbcLimit(node.postgres())) {
          limit = Math.min(limit, jdbc.seconds(app, run.events(), run.commits()));
        }
        delete(node, rows, app);
      }
      Run best =
          runs.stream().min((a, b) -> Double.compare(a.durable(), b.durable())).orElseThrow();
      costs.add(best.durable() / instances);
      String all = String.join(", ", runs.stream().map(r -> number("%.2f", r.durable())).toList());
      table.row(
          number("one app of %,d instances, POST to all `TASK_RUNNING` in PostgreSQL", instances),
          number("%.2f s, %,.0f tasks/s", best.durable(), instances / best.durable()),
          "810 tasks/s, goal 3,750",
          number("best of %s s; %d commits, %,d events", all, best.commits(), best.events()));
      table.row(
          "as before, visible by `GET /v2/apps/x`",
          number("%.2f s", best.visible()),
          "",
          "asked for once all were durable");
      table.row(
          "bare batched JDBC, the same rows in as many commits",
          number("%.2f s; Dromos takes %.1f times that", limit, best.durable() / limit),
          "the limit",
          "tables of the same shape and indexes, same server, best of " + ROUNDS);
    }
    if (costs.size() > 1) {
      table.row(
          number("cost of a task at %,d to that at %,d", INSTANCES.get(1), INSTANCES.get(0)),
          number("%.2f", costs.get(1) / costs.get(0)),
          "1.2 at most",
          "from the two rows");
    }
  }

  private static Run run(BenchNode node, ClusterRows rows, String app, int instances)
      throws Exception {
    long revision = rows.revision();
    long events = rows.events();
    long began = System.nanoTime();
    var unused = node.ask("POST", "/v2/apps", definition(app, instances));
    Await.until(app + " runs", PATIENCE, () -> rows.running(app) == instances);
    double durable = (System.nanoTime() - began) / 1e9;
    Await.until(
        app + " is seen running",
        PATIENCE,
        () -> node.json("/v2/apps" + app).path("app").path("tasksRunning").asInt() == instances);
    double visible = (System.nanoTime() - began) / 1e9;
    settle(node);
    return new Run(
        durable, visible, (int) (rows.revision() - revision), (int) (rows.events() - events));
  }

  private static void settle(BenchNode node) {
    Await.until("no deployment is left", PATIENCE, () -> node.json("/v2/deployments").isEmpty());
  }

  private static void delete(BenchNode node, ClusterRows rows, String app) throws Exception {
    var unused = node.ask("DELETE", "/v2/apps" + app + "?force=true", "");
    Await.until(app + " is gone", PATIENCE, () -> rows.goals(app) == 0);
    settle(node);
  }

  private void manyApps(BenchNode node, ClusterRows rows) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      manyAtOnce(node, rows, round);
    }
    for (int clients : List.of(1, 4)) {
      String prefix = "/many" + clients;
      long began = System.nanoTime();
      create(
          node,
          clients,
          IntStream.range(0, SINGLES).mapToObj(i -> definition(prefix + "/" + i, 1)).toList());
      double posted = (System.nanoTime() - began) / 1e9;
      Await.until("all run", PATIENCE, () -> rows.running(prefix) == SINGLES);
      double seconds = (System.nanoTime() - began) / 1e9;
      settle(node);
      table.row(
          number(
              "%,d apps of one task, %d client%s, first POST to all `TASK_RUNNING`",
              SINGLES, clients, clients == 1 ? "" : "s"),
          number("%.2f s, %,.0f apps/s", seconds, SINGLES / seconds),
          "",
          number("a request for each; the last was answered after %.2f s", posted));
      deleteAll(node, rows, prefix);
    }
  }

  private void manyAtOnce(BenchNode node, ClusterRows rows, int round) throws Exception {
    String prefix = "/bulk" + round;
    String apps =
        IntStream.range(0, SINGLES)
            .mapToObj(i -> definition(prefix + "/" + i, 1))
            .collect(Collectors.joining(",", "[", "]"));
    long began = System.nanoTime();
    var unused = node.ask("PUT", "/v2/apps", apps);
    double answered = (System.nanoTime() - began) / 1e9;
    Await.until("all run", PATIENCE, () -> rows.running(prefix) == SINGLES);
    double seconds = (System.nanoTime() - began) / 1e9;
    settle(node);
    table.row(
        number("%,d apps of one task by one `PUT /v2/apps`, to all `TASK_RUNNING`", SINGLES),
        number("%.2f s, %,.0f tasks/s", seconds, SINGLES / seconds),
        "810 tasks/s",
        number("round %d; the request was answered after %.2f s", round + 1, answered));
    deleteAll(node, rows, prefix);
  }

  private static void deleteAll(BenchNode node, ClusterRows rows, String group) throws Exception {
    var unused = node.ask("DELETE", "/v2/groups" + group + "?force=true", "");
    Await.until("all gone", PATIENCE, () -> rows.goals(group) == 0);
    settle(node);
  }

  private static void create(BenchNode node, int clients, List<String> definitions)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<byte[]>> answers =
          definitions.stream()
              .map(definition -> threads.submit(() -> node.ask("POST", "/v2/apps", definition)))
              .toList();
      for (Future<byte[]> answer : answers) {
        var unused = answer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Four instances each. */
  private void load(BenchNode node, ClusterRows rows) throws Exception {
    long began = System.nanoTime();
    create(
        node,
        4,
        IntStream.range(0, APPS)
            .mapToObj(i -> definition("/load/g" + i % 50 + "/a" + i, 4))
            .toList());
    Await.until("the load runs", PATIENCE, () -> rows.running("/load/") == 4L * APPS);
    settle(node);
    table.row(
        number("loaded: %,d apps, %,d instances", APPS, 4 * APPS),
        number("%.1f s", (System.nanoTime() - began) / 1e9),
        "",
        "4 clients, a request for each app");
  }

  private void requests(BenchNode node) throws Exception {
    Latencies list = new Latencies();
    Latencies one = new Latencies();
    Latencies create = new Latencies();
    long bytes = 0;
    for (int i = 0; i < Math.max(10, SAMPLES / 2); i++) {
      byte[][] body = new byte[1][];
      list.time(() -> body[0] = node.ask("GET", "/v2/apps?embed=apps.tasks&embed=apps.counts", ""));
      bytes = body[0].length;
    }
    for (int i = 0; i < SAMPLES; i++) {
      int app = i * 17 % APPS;
      one.time(() -> node.ask("GET", "/v2/apps/load/g" + app % 50 + "/a" + app, ""));
    }
    for (int i = 0; i < SAMPLES; i++) {
      String app = definition("/create/a" + i, 1);
      create.time(() -> node.ask("POST", "/v2/apps", app));
    }
    settle(node);
    table.row(
        "`GET /v2/apps?embed=apps.tasks&embed=apps.counts`",
        list.toString(),
        "p99 1 s",
        number("%d requests, one client, %.1f MB each", list.count(), bytes / 1e6));
    table.row(
        "`GET /v2/apps/x`", one.toString(), "p99 50 ms", one.count() + " requests, one client");
    table.row(
        "`POST /v2/apps`",
        create.toString(),
        "p99 200 ms",
        create.count() + " requests, one client");
  }

  private void idle(BenchNode node) throws Exception {
    table.row(
        "heap in use, loaded",
        number("%.0f MiB", node.heapAfterCollection()),
        "",
        "`jcmd GC.run`, then `GC.heap_info`");
    Await.pause(Duration.ofSeconds(5));
    JsonNode before = node.json("/metrics").path("timers");
    double server = node.serverCpu();
    double database = node.databaseCpu();
    Await.pause(Duration.ofSeconds(20));
    server = node.serverCpu() - server;
    database = node.databaseCpu() - database;
    JsonNode after = node.json("/metrics").path("timers");
    for (String loop : List.of("control", "agent", "routing", "simulated-agents")) {
      String name = "dromos.loop." + loop + ".turn.timer.seconds";
      long count =
          after.path(name).path("count").asLong() - before.path(name).path("count").asLong();
      double sum =
          after.path(name).path("sum").asDouble() - before.path(name).path("sum").asDouble();
      table.row(
          "idle turn of the loop `" + loop + "`, loaded",
          count == 0 ? "none" : number("%.1f ms", 1_000 * sum / count),
          loop.equals("control") ? "5 ms" : "",
          number("mean of %d turns in 20 s, from `/metrics`", count));
    }
    table.row(
        "idle CPU, loaded",
        number("%.1f %% server, %.1f %% PostgreSQL", server * 5, database * 5),
        "",
        "of one processor, over 20 s, from `/proc`; includes what plays the agents");
  }

  private static String definition(String id, int instances) {
    return """
        {"id":"%s","instances":%d,"cpus":0.01,"mem":1,"cmd":"exec sleep 100000"}"""
        .formatted(id, instances);
  }
}
