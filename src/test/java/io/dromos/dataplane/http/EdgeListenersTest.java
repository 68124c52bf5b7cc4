package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.dead;
import static io.dromos.dataplane.http.Edges.edge;
import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Edges.routes;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listening sockets of the edge: opened, closed, refused. */
@Timeout(60)
class EdgeListenersTest {
  private LoopbackBackend one;
  private LoopbackBackend two;
  private EdgePlane edge;
  private int port;

  @BeforeEach
  void start() throws IOException {
    one = new LoopbackBackend("one");
    two = new LoopbackBackend("two");
    port = freePort();
    edge = edge(port, ProxyLimits.DEFAULT);
    edge.apply(routes(one.backend(), two.backend()));
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    one.close();
    two.close();
  }

  @Test
  void aServicePortOpensServesAllHostsAndClosesWithoutCuttingAnyone() throws Exception {
    int service = freePort();
    edge.apply(aSnapshot().port(service, ServicePort.Mode.HTTP, one.backend()).build());
    try (RawClient client = new RawClient(service)) {
      assertEquals("one", client.get("anything", "/name").answer().body());
      assertEquals(404, client.get("anything", "/v2/apps").answer().status(), "the app's own 404");
      client.get("anything", "/hold");
      one.held.await();
      edge.apply(aSnapshot().build());
      assertThrows(ConnectException.class, () -> new RawClient(service));
      one.release.countDown();
      assertEquals("one", client.answer().body());
    }
  }

  @Test
  void aTcpServicePortRelaysBytesUntouched() throws Exception {
    int service = freePort();
    edge.apply(aSnapshot().port(service, ServicePort.Mode.TCP, dead(), one.backend()).build());
    try (RawClient client = new RawClient(service)) {
      assertEquals(
          "GET /head HTTP/1.1\r\nHost: a\r\n\r\n", client.get("a", "/head").answer().body());
      client.get("a", "/big?" + 20 * Edges.MEGABYTE);
      edge.apply(aSnapshot().build());
      assertEquals(20 * Edges.MEGABYTE, client.countBody());
    }
    Edges.awaitTotal(edge, ProxyOutcome.TUNNELLED, 1);
  }

  @Test
  void aPortThatCannotBeBoundIsReportedWithTheFixAndTriedAgain() throws Exception {
    RoutingSnapshot snapshot;
    int service;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      service = taken.getLocalPort();
      snapshot = aSnapshot().port(service, ServicePort.Mode.HTTP, one.backend()).build();
      String sentence = edge.apply(snapshot).degraded().get("service port " + service);
      assertTrue(sentence.contains("127.0.0.1:" + service + " is taken"), sentence);
      assertTrue(sentence.contains("or choose another service port"), sentence);
    }
    assertEquals(PlaneReport.ALL_SERVED, edge.apply(snapshot));
    try (RawClient client = new RawClient(service)) {
      assertEquals("one", client.get("a", "/name").answer().body());
    }
  }

  @Test
  void anExplicitVhostPortThatIsTakenIsReportedAndOthersGoOn() throws Exception {
    try (EdgeOnTakenPort taken = new EdgeOnTakenPort()) {
      int service = freePort();
      PlaneReport report =
          taken.plane.apply(
              aSnapshot().port(service, ServicePort.Mode.HTTP, one.backend()).build());
      assertTrue(report.degraded().get("vhosts").contains("dromos.edge.http.port"));
      assertTrue(taken.plane.httpPort().isEmpty());
      try (RawClient client = new RawClient(service)) {
        assertEquals("one", client.get("a", "/name").answer().body());
      }
    }
  }

  private static final class EdgeOnTakenPort implements AutoCloseable {
    final ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    final EdgePlane plane = edge(taken.getLocalPort(), ProxyLimits.DEFAULT);

    EdgeOnTakenPort() throws IOException {}

    @Override
    public void close() throws IOException {
      plane.close();
      taken.close();
    }
  }
}
