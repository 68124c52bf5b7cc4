package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.HOST;
import static io.dromos.dataplane.http.Edges.edge;
import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Snapshots.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.stats.Count;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.dataplane.stats.StatRow;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge counts is what went through it. */
class EdgeStatisticsTest {
  private LoopbackBackend one;
  private EdgePlane edge;
  private int port;
  private int servicePort;

  @BeforeEach
  void start() throws IOException {
    one = new LoopbackBackend("one");
    port = freePort();
    servicePort = freePort();
    edge = edge(port, ProxyLimits.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    one.close();
  }

  private void serve(ServicePort.Mode mode, Backend... backends) throws IOException {
    EdgeService service = EdgeService.plain(WEB, 0, servicePort, mode, List.of(backends));
    edge.apply(
        new RoutingSnapshot(
            1,
            1,
            List.of(),
            List.of(VhostRoute.plain(HOST, null, 0, service)),
            List.of(ServicePort.plain(servicePort, service)),
            List.of(service),
            DnsRecords.EMPTY,
            Map.of(),
            Instant.EPOCH));
  }

  private StatRow row(StatRow.Type type, String proxy) {
    return edge.rows().stream()
        .filter(row -> row.type() == type && row.proxy().equals(proxy))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " " + proxy + " in " + edge.rows()));
  }

  private static void await(String what, long expected, LongSupplier actual) {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (actual.getAsLong() != expected && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(expected, actual.getAsLong(), what);
  }

  private String service() {
    return "web_" + servicePort;
  }

  @Test
  void requestsAreCountedForListenerServiceAndServer() throws IOException {
    serve(ServicePort.Mode.HTTP, one.backend());
    try (RawClient vhost = new RawClient(port);
        RawClient direct = new RawClient(servicePort)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, vhost.get(HOST, "/name").answer().status());
      }
      assertEquals(200, direct.get("any", "/name").answer().status());
      assertEquals(503, vhost.get("nobody.example.com", "/").answer().status());
      StatRow http = row(StatRow.Type.FRONTEND, "marathon_http_in");
      StatRow front = row(StatRow.Type.FRONTEND, service());
      StatRow server = row(StatRow.Type.SERVER, service());
      StatRow back = row(StatRow.Type.BACKEND, service());
      await("2xx of the backend", 4, () -> back.counts().get(Count.STATUS_2XX));
      assertEquals(1, http.counts().get(Count.SESSIONS));
      assertEquals(4, http.counts().get(Count.REQUESTS));
      assertEquals(3, http.counts().get(Count.STATUS_2XX));
      assertEquals(1, http.counts().get(Count.STATUS_5XX));
      assertEquals(1, http.counts().get(Count.INTERCEPTED));
      assertEquals(1, front.counts().get(Count.REQUESTS));
      assertEquals(4, server.counts().get(Count.SESSIONS));
      assertEquals(0, server.counts().open());
      assertEquals(4, server.counts().get(Count.REUSES) + server.counts().get(Count.CONNECTS));
      assertTrue(server.counts().get(Count.BYTES_IN) > 100, "bytes of requests");
      assertTrue(server.counts().get(Count.BYTES_OUT) > 100, "bytes of answers");
      assertEquals(server.counts().get(Count.BYTES_OUT), back.counts().get(Count.BYTES_OUT));
      assertEquals("127_0_0_1_" + one.backend().port(), server.server());
      assertEquals("UP", back.status().get());
    }
  }

  @Test
  void aRefusedConnectionIsARetryAtAnotherServer() throws IOException {
    Backend dead = Edges.dead();
    serve(ServicePort.Mode.HTTP, dead, one.backend());
    try (RawClient client = new RawClient(port)) {
      for (int i = 0; i < 2; i++) {
        assertEquals(200, client.get(HOST, "/name").answer().status());
      }
    }
    StatRow back = row(StatRow.Type.BACKEND, service());
    await("served", 2, () -> back.counts().get(Count.STATUS_2XX));
    StatRow first =
        edge.rows().stream()
            .filter(row -> row.address().equals(dead.endpoint()))
            .findFirst()
            .orElseThrow();
    assertEquals(1, back.counts().get(Count.RETRIES));
    assertEquals(1, back.counts().get(Count.REDISPATCHES));
    assertEquals(1, first.counts().get(Count.CONNECT_ERRORS));
    assertEquals(1, first.counts().get(Count.SESSIONS));
    assertEquals(0, first.counts().open());
  }

  @Test
  void relayedConnectionsAreSessionsWithTheirBytes() throws IOException {
    serve(ServicePort.Mode.TCP, one.backend());
    StatRow server = row(StatRow.Type.SERVER, service());
    try (RawClient client = new RawClient(servicePort)) {
      assertEquals(200, client.get("any", "/name").answer().status());
      await("open", 1, () -> server.counts().open());
      assertTrue(server.counts().get(Count.BYTES_IN) > 0);
      assertTrue(server.counts().get(Count.BYTES_OUT) > 0);
    }
    await("open after the end", 0, () -> server.counts().open());
    assertEquals(0, row(StatRow.Type.FRONTEND, service()).counts().get(Count.REQUESTS));
    assertEquals(1, row(StatRow.Type.FRONTEND, service()).counts().get(Count.SESSIONS));
  }

  @Test
  void statesAreThoseOfTheSnapshot() throws IOException {
    serve(
        ServicePort.Mode.HTTP,
        one.backend(),
        Snapshots.backend("b", 2, Backend.State.DRAINING),
        Snapshots.backend("c", 3, Backend.State.UNHEALTHY));
    List<String> states =
        edge.rows().stream()
            .filter(row -> row.type() == StatRow.Type.SERVER)
            .map(row -> row.status().get())
            .toList();
    assertEquals(List.of("no check", "MAINT", "DOWN"), states);
    assertEquals(1, row(StatRow.Type.BACKEND, service()).servers());
  }

  @Test
  void prometheusSeesAppRouteAndOutcome() throws IOException {
    serve(ServicePort.Mode.HTTP, one.backend());
    try (RawClient client = new RawClient(port)) {
      assertEquals(200, client.get(HOST, "/name").answer().status());
      assertEquals(503, client.get("nobody.example.com", "/").answer().status());
    }
    Edges.awaitTotal(edge, ProxyOutcome.SERVED, 1);
    Measurements measurements = new Measurements();
    edge.measure(measurements);
    String text = measurements.text();
    String labels = "{plane=\"edge\",app=\"/web\",route=\"vhost " + HOST + "\"";
    assertTrue(text.contains("dromos_requests_total" + labels + ",outcome=\"served\"} 1\n"), text);
    assertTrue(
        text.contains(
            "dromos_requests_total{plane=\"edge\",app=\"\",route=\"\",outcome=\"no_route\"} 1\n"),
        text);
    assertTrue(
        text.contains("dromos_request_duration_seconds_count{plane=\"edge\",app=\"/web\"} 1\n"),
        text);
  }

  @Test
  void aHeaderNamesTheAppOnAPortOfItsOwn() throws IOException {
    int appIds = freePort();
    edge.close();
    edge = edge(port, ProxyLimits.DEFAULT).serveAppIds(appIds, true);
    serve(ServicePort.Mode.HTTP, one.backend());
    try (RawClient client = new RawClient(appIds)) {
      for (String id : new String[] {"/web", "/WEB"}) {
        client.send("GET /name HTTP/1.1\r\nHost: x\r\nX-Marathon-App-Id: " + id + "\r\n\r\n");
        assertEquals("one", client.answer().body());
      }
      for (String id : new String[] {"web", "/other", ""}) {
        client.send("GET /name HTTP/1.1\r\nHost: x\r\nX-Marathon-App-Id: " + id + "\r\n\r\n");
        assertEquals(503, client.answer().status(), id);
      }
      assertEquals(503, client.get(HOST, "/name").answer().status(), "no header");
    }
    StatRow front = row(StatRow.Type.FRONTEND, "marathon_http_appid_in");
    assertEquals(6, front.counts().get(Count.REQUESTS));
    serve(ServicePort.Mode.TCP, one.backend());
    try (RawClient client = new RawClient(appIds)) {
      client.send("GET /name HTTP/1.1\r\nHost: x\r\nX-Marathon-App-Id: /web\r\n\r\n");
      assertEquals(503, client.answer().status(), "TCP services have no part in it");
    }
  }
}
