package io.dromos.dataplane.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.dataplane.Transport;
import io.dromos.platform.Settings;
import io.dromos.routing.Backend;
import io.dromos.routing.BasicAuth;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.EdgeService;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsPlaneTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Meter meter = Meter.of(1);
  private final Signals signals = new Signals();
  private StatsPlane plane;

  /** Counts what it is asked for. */
  private static final class Signals implements StatsPlane.Refresh {
    int fetched;
    int applied;
    boolean there = true;

    @Override
    public boolean fetch() {
      fetched++;
      return there;
    }

    @Override
    public boolean reapply() {
      applied++;
      return there;
    }
  }

  /** One frontend, one service with a server that takes requests and one in maintenance. */
  private final class OneService implements Measured {
    @Override
    public void measure(Measurements to) {
      to.counter("dromos_sample_total", "A \\ sample.", 7, "app", "/a\"b\\c\nd");
    }

    @Override
    public List<StatRow> rows() {
      return List.of(
          row(StatRow.Type.FRONTEND, "FRONTEND", "OPEN"),
          row(StatRow.Type.SERVER, "10_0_0_7_31000", "UP"),
          row(StatRow.Type.SERVER, "10_0_0_8_31000", "MAINT"),
          row(StatRow.Type.BACKEND, "BACKEND", "UP"));
    }

    private StatRow row(StatRow.Type type, String server, String status) {
      return new StatRow(
          type, "web_10002", server, 1, 0, () -> status, meter, true, 1, "roundrobin", "", "");
    }
  }

  @BeforeEach
  void start() {
    plane = plane(0, true);
    assertEquals(PlaneReport.ALL_SERVED, plane.apply(snapshot()));
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  private StatsPlane plane(int port, boolean asked) {
    return new StatsPlane(
        Transport.start("stats-test", 1),
        List.of(new OneService()),
        "127.0.0.1",
        port,
        asked,
        signals);
  }

  private static RoutingSnapshot snapshot() {
    AppId app = AppId.of("/team/api");
    Backend backend =
        new Backend(
            TaskId.parse("team_api.c5a3d1a0-0000-11e6-8d0a-024264bd5b51").orElseThrow(),
            app,
            "n1",
            "10.0.0.7",
            31000,
            Backend.State.ACTIVE);
    EdgeService http = EdgeService.plain(app, 0, 10002, ServicePort.Mode.HTTP, List.of(backend));
    EdgeService tcp = EdgeService.plain(app, 1, 10001, ServicePort.Mode.TCP, List.of(backend));
    EdgeService empty =
        EdgeService.plain(AppId.of("/none"), 0, 10009, ServicePort.Mode.HTTP, List.of());
    BasicAuth auth = new BasicAuth("realm", "jane", "$5$secret");
    return new RoutingSnapshot(
        42,
        1,
        List.of(),
        List.of(
            new VhostRoute("shop.example.com", "/api", false, 1, false, auth, http),
            VhostRoute.plain("shop.example.com", null, 0, http),
            VhostRoute.plain("none.example.com", null, 0, empty)),
        List.of(ServicePort.plain(10001, tcp), ServicePort.plain(10002, http)),
        List.of(empty, tcp, http),
        DnsRecords.EMPTY,
        Map.of(),
        Instant.EPOCH);
  }

  private HttpResponse<String> get(String path) {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plane.port() + path))
              .method(method, HttpRequest.BodyPublishers.noBody());
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(path, e);
    }
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void csvHasHaproxysHeaderAndOnlyColumnsThatAreNames() {
    HttpResponse<String> answer = get("/haproxy?stats;csv");
    assertEquals(200, answer.statusCode());
    List<String> lines = answer.body().lines().toList();
    assertTrue(lines.get(0).startsWith("# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,"));
    assertTrue(lines.get(0).endsWith(",qtime_max,ctime_max,rtime_max,ttime_max,"), lines.get(0));
    String[] names = lines.get(0).substring(2).split(",");
    for (String name : names) {
      assertTrue(name.matches("[a-z][a-z0-9_]*"), name);
    }
    assertEquals(names.length, Arrays.stream(names).distinct().count());
    assertEquals(5, lines.size());
    for (String line : lines) {
      assertTrue(line.endsWith(","), line);
      assertEquals(names.length + 1, line.split(",", -1).length, line);
    }
    assertEquals("web_10002,10_0_0_8_31000", String.join(",", fields(lines.get(3), 0, 2)));
    assertEquals("MAINT", lines.get(3).split(",", -1)[17]);
  }

  private static String[] fields(String line, int from, int to) {
    return Arrays.copyOfRange(line.split(",", -1), from, to);
  }

  @Test
  void numbersAreThoseOfTheMeter() {
    meter.add(1, Count.SESSIONS, 5);
    meter.add(1, Count.ENDED, 3);
    meter.add(1, Count.BYTES_OUT, 1234);
    meter.add(1, Count.STATUS_5XX, 2);
    String[] header =
        get("/haproxy?stats;csv").body().lines().toList().get(0).substring(2).split(",");
    String[] server = get("/haproxy?stats;csv").body().lines().toList().get(2).split(",", -1);
    List<String> names = List.of(header);
    assertEquals("2", server[names.indexOf("scur")]);
    assertEquals("5", server[names.indexOf("stot")]);
    assertEquals("1234", server[names.indexOf("bout")]);
    assertEquals("2", server[names.indexOf("hrsp_5xx")]);
    assertEquals("2", server[names.indexOf("type")]);
    assertEquals("http", server[names.indexOf("mode")]);
  }

  @Test
  void thePageShowsTheSameAndEscapesNames() {
    HttpResponse<String> answer = get("/haproxy?stats");
    assertEquals(200, answer.statusCode());
    assertEquals("text/html; charset=utf-8", type(answer));
    assertTrue(answer.body().contains("<h2>web_10002</h2>"), answer.body());
    assertTrue(answer.body().contains("10_0_0_8_31000"));
    assertTrue(answer.body().contains("refresh"));
    assertFalse(get("/haproxy?stats;norefresh").body().contains("http-equiv"));
    assertEquals("&lt;b&gt;&amp;&quot;", StatsPage.escape("<b>&\""));
  }

  @Test
  void healthMapsPidsAndConfigurationArePlainText() {
    assertEquals(200, get("/_haproxy_health_check").statusCode());
    assertEquals("shop.example.com team_api_10002\n", get("/_haproxy_getvhostmap").body());
    assertEquals("/team/api team_api_10002\n", get("/_haproxy_getappmap").body());
    assertEquals(Long.toString(ProcessHandle.current().pid()), get("/_haproxy_getpids").body());
    HttpResponse<String> config = get("/_haproxy_getconfig");
    assertTrue(type(config).startsWith("text/plain"));
    assertTrue(config.body().contains("\nbackend team_api_10002\n"), config.body());
    assertTrue(config.body().contains("  server 10_0_0_7_31000 10.0.0.7:31000"), config.body());
    assertTrue(config.body().contains("realm realm"), config.body());
    assertFalse(config.body().contains("secret"), config.body());
  }

  @Test
  void signalsReachWhoCompilesTheRoutes() {
    assertEquals(200, get("/_mlb_signal/hup").statusCode());
    assertEquals(200, send("POST", "/_mlb_signal/usr1").statusCode());
    assertEquals(1, signals.fetched);
    assertEquals(1, signals.applied);
    signals.there = false;
    assertEquals(500, get("/_mlb_signal/hup").statusCode());
  }

  @Test
  void everyOtherPathAndMethodIsTurnedAway() {
    assertEquals(503, get("/").statusCode());
    assertEquals(503, get("/haproxy").statusCode());
    assertEquals(503, get("/haproxy?csv").statusCode());
    assertEquals(405, send("DELETE", "/haproxy?stats").statusCode());
    assertEquals(200, send("HEAD", "/haproxy?stats;csv").statusCode());
  }

  @Test
  void aPageOfSomebodyElseCannotReadThemUnderItsOwnName() {
    assertTrue(OwnHost.accepts("127.0.0.1", "127.0.0.1:9090"));
    assertTrue(OwnHost.accepts("127.0.0.1", "localhost"));
    assertTrue(OwnHost.accepts("127.0.0.1", ""));
    assertTrue(OwnHost.accepts("127.0.0.1", "[::1]:9090"));
    assertTrue(OwnHost.accepts("127.0.0.1", "marathon-lb.marathon.mesos:9090"));
    assertFalse(OwnHost.accepts("127.0.0.1", "evil.example.com:9090"));
    assertFalse(OwnHost.accepts("127.0.0.1", "127.0.0.1.evil.example.com"));
    assertTrue(OwnHost.accepts("10.0.0.5", "lb.example.com"));
  }

  @Test
  void prometheusGetsEachFamilyOnceWithHelpAndEscapedLabels() {
    meter.add(1, Count.STATUS_2XX, 9);
    HttpResponse<String> answer = get("/metrics");
    assertEquals("text/plain; version=0.0.4; charset=utf-8", type(answer));
    String text = answer.body();
    assertTrue(text.contains("# HELP dromos_sample_total A \\\\ sample.\n"), text);
    assertTrue(text.contains("# TYPE dromos_sample_total counter\n"), text);
    assertTrue(text.contains("dromos_sample_total{app=\"/a\\\"b\\\\c\\nd\"} 7\n"), text);
    assertTrue(text.contains("dromos_routes_revision 42\n"), text);
    assertTrue(
        text.contains(
            "haproxy_server_http_responses_total{proxy=\"web_10002\",server=\"10_0_0_7_31000\","
                + "code=\"2xx\"} 9\n"),
        text);
    assertTrue(
        text.contains("haproxy_server_status{proxy=\"web_10002\",server=\"10_0_0_8_31000\"} 2\n"),
        text);
    List<String> types = text.lines().filter(line -> line.startsWith("# TYPE")).toList();
    assertEquals(types.stream().distinct().count(), types.size());
  }

  @Test
  void aHistogramCountsUpwards() {
    Meter timed = Meter.detailed(1, 0);
    timed.time(1, 900);
    timed.time(1, 3_000_000);
    Measurements measurements = new Measurements();
    measurements.histogram("d", "D.", timed.spread(), "app", "/a");
    assertTrue(measurements.text().contains("d_bucket{app=\"/a\",le=\"0.001\"} 1\n"));
    assertTrue(measurements.text().contains("d_bucket{app=\"/a\",le=\"2.5\"} 1\n"));
    assertTrue(measurements.text().contains("d_bucket{app=\"/a\",le=\"5.0\"} 2\n"));
    assertTrue(measurements.text().contains("d_bucket{app=\"/a\",le=\"+Inf\"} 2\n"));
    assertTrue(measurements.text().contains("d_sum{app=\"/a\"} 3.0009\n"));
    assertTrue(measurements.text().contains("d_count{app=\"/a\"} 2\n"));
  }

  @Test
  void aTakenPortIsAFaultOnlyWhereSomebodyChoseIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      StatsPlane chosen = plane(taken.getLocalPort(), true);
      StatsPlane byDefault = plane(taken.getLocalPort(), false);
      try {
        String sentence = chosen.apply(snapshot()).degraded().get("statistics");
        assertTrue(sentence.contains("is taken"), sentence);
        assertTrue(sentence.contains("dromos.stats.port"), sentence);
        assertEquals(PlaneReport.ALL_SERVED, byDefault.apply(snapshot()));
        assertEquals(0, byDefault.port());
      } finally {
        chosen.close();
        byDefault.close();
      }
    }
  }

  @Test
  void portZeroMeansNone() {
    Settings none = Settings.of(Map.of("dromos.stats.port", "0"));
    assertTrue(StatsPlane.of(none, List.of(), signals).isEmpty());
  }
}
