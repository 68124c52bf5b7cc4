package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.HOST;
import static io.dromos.dataplane.http.Edges.dead;
import static io.dromos.dataplane.http.Edges.edge;
import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Edges.routes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.Backend;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge with real sockets on both sides: who answers, and what happens when one does not. */
@Timeout(60)
class EdgePlaneTest {
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
  void requestsOnOneConnectionAreSpreadEvenly() throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    try (LoopbackBackend three = new LoopbackBackend("three");
        RawClient client = new RawClient(port)) {
      edge.apply(routes(one.backend(), two.backend(), three.backend()));
      for (int i = 0; i < 300; i++) {
        counts.merge(client.get(HOST, "/name").answer().body(), 1, Integer::sum);
      }
      assertEquals(Map.of("one", 100, "two", 100, "three", 100), counts);
      assertEquals(1, three.connections.get(), "backend connections are kept");
      assertEquals(300, edge.counters().total(ProxyOutcome.SERVED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown.example.com", "127.0.0.1", "localhost:8080"})
  void anUnknownNameIs503AndNeverTheApi(String host) throws IOException {
    try (RawClient client = new RawClient(port)) {
      for (String path : new String[] {"/v2/apps", "/", "/ping"}) {
        RawClient.Answer answer = client.get(host, path).answer();
        assertEquals(503, answer.status());
        assertEquals("no app is published under this host name\n", answer.body());
      }
      assertEquals(
          503, client.send("GET / HTTP/1.1\r\n\r\n").answer().status(), "without any Host");
    }
  }

  @Test
  void anAppWithoutInstancesIs503() throws IOException {
    edge.apply(routes(one.backend(Backend.State.DRAINING)));
    try (RawClient client = new RawClient(port)) {
      assertEquals(503, client.get(HOST, "/name").answer().status());
      assertEquals(1, edge.counters().total(ProxyOutcome.NO_BACKEND));
    }
  }

  @Test
  void theBackendSeesTheRequestAsSentAndWhereItCameFrom() throws IOException {
    try (RawClient client = new RawClient(port)) {
      String head =
          client
              .send(
                  """
                      GET /head HTTP/1.1\r
                      host: WEB.example.com:81\r
                      Connection: X-Hop\r
                      X-Hop: 1\r
                      X-Forwarded-For: 1.2.3.4\r
                      aCCept: x\r
                      \r
                      """)
              .answer()
              .body();
      assertTrue(head.startsWith("GET /head HTTP/1.1\r\nHost: WEB.example.com:81\r\n"), head);
      assertTrue(head.contains("\r\naCCept: x\r\n"), head);
      assertTrue(head.contains("\r\nX-Forwarded-For: 1.2.3.4\r\n"), head);
      assertTrue(head.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"), head);
      assertTrue(head.contains("\r\nX-Forwarded-Port: " + port + "\r\n"), head);
      assertFalse(head.contains("X-Hop"), head);
      assertFalse(head.contains("X-Forwarded-Proto"), head);
    }
  }

  @Test
  void aRefusedConnectionIsTriedElsewhereAndTheBackendSitsOut() throws IOException {
    edge.apply(routes(dead(), one.backend()));
    try (RawClient client = new RawClient(port)) {
      for (int i = 0; i < 20; i++) {
        assertEquals("one", client.get(HOST, "/name").answer().body());
      }
      client.send("POST /count HTTP/1.1\r\nHost: web.example.com\r\nContent-Length: 2\r\n\r\nok");
      assertEquals("2", client.answer().body());
    }
    edge.apply(routes(dead(), dead()));
    try (RawClient client = new RawClient(port)) {
      assertEquals(503, client.get(HOST, "/name").answer().status());
      assertEquals(1, edge.counters().total(ProxyOutcome.BACKEND_REFUSED));
    }
  }

  @Test
  void aKeptConnectionThatTurnsOutClosedCostsNoRequest() throws IOException {
    one.close();
    one = new LoopbackBackend("one").rudeOnReuse();
    edge.apply(routes(one.backend()));
    try (RawClient client = new RawClient(port)) {
      for (int i = 0; i < 10; i++) {
        assertEquals("one", client.get(HOST, "/name").answer().body());
      }
    }
  }

  @Test
  void aKilledBackendFailsAtMostTheRequestsInFlightOnIt() throws Exception {
    try (RawClient inFlight = new RawClient(port);
        RawClient client = new RawClient(port)) {
      edge.apply(routes(one.backend()));
      inFlight.send("POST /hold HTTP/1.1\r\nHost: web.example.com\r\nContent-Length: 2\r\n\r\nok");
      one.held.await();
      edge.apply(routes(one.backend(), two.backend()));
      for (int i = 0; i < 10; i++) {
        assertEquals(200, client.get(HOST, "/name").answer().status());
      }
      one.close();
      for (int i = 0; i < 50; i++) {
        assertEquals("two", client.get(HOST, "/name").answer().body());
      }
      assertEquals(502, inFlight.answer().status());
    }
  }

  @Test
  void aSafeRequestInFlightOnAKilledBackendIsSentOnceMore() throws Exception {
    try (RawClient inFlight = new RawClient(port)) {
      inFlight.get(HOST, "/hold");
      one.held.await();
      two.release.countDown();
      one.close();
      assertEquals("two", inFlight.answer().body());
    }
  }

  @Test
  void brokenAnswersAreNamedAndCutAnswersAreCut() throws IOException {
    try (RawClient client = new RawClient(port)) {
      assertEquals(502, client.get(HOST, "/garbage").answer().status());
      assertEquals(502, client.get(HOST, "/no-answer").answer().status());
      assertThrows(IOException.class, () -> client.get(HOST, "/cut").answer());
    }
    assertEquals(1, edge.counters().total(ProxyOutcome.BACKEND_INVALID));
    assertEquals(1, edge.counters().total(ProxyOutcome.BACKEND_CLOSED));
    assertEquals(1, edge.counters().total(ProxyOutcome.BACKEND_CUT));
  }

  @Test
  void aChangeOfRoutesLeavesARunningRequestAlone() throws Exception {
    edge.apply(routes(one.backend()));
    try (RawClient client = new RawClient(port)) {
      client.get(HOST, "/hold");
      one.held.await();
      edge.apply(routes(one.backend(Backend.State.DRAINING), two.backend()));
      edge.apply(routes(two.backend()));
      one.release.countDown();
      assertEquals("one", client.answer().body());
      assertEquals("two", client.get(HOST, "/name").answer().body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
            GET / HTTP/1.1\r
            Host: web.example.com\r
            Content-Length: 4\r
            Transfer-Encoding: chunked\r
            \r
            0\r
            \r
            """,
        "GET / HTTP/1.1\nHost: web.example.com\n\n",
        """
            POST /count HTTP/1.1\r
            Host: web.example.com\r
            Transfer-Encoding: chunked\r
            \r
            2
            ok
            0

            """,
        "GET / HTTP/1.1\r\nHost: web.example.com\r\nX : y\r\n\r\n",
      })
  void whatTwoParsersCouldReadDifferentlyReachesNoBackend(String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.send(request + "GET /name HTTP/1.1\r\nHost: web.example.com\r\n\r\n");
      assertEquals(400, client.answer().status());
      assertEquals("", client.rest(), "nothing after it is read as a request");
    }
    assertEquals(0, one.bodyBytes.get() + two.bodyBytes.get());
    assertFalse(one.heads.stream().anyMatch(head -> head.contains("/name")));
    assertFalse(two.heads.stream().anyMatch(head -> head.contains("/name")));
  }

  @Test
  void anOversizedHeadIs431() throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.send(
          "GET / HTTP/1.1\r\nHost: web.example.com\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
      assertEquals(431, client.answer().status());
    }
  }

  @Test
  void slowHeadsAndSilentBackendsHaveLimits() throws IOException {
    edge.close();
    edge = edge(port, Edges.QUICK);
    edge.apply(routes(one.backend()));
    try (RawClient slow = new RawClient(port)) {
      assertEquals(408, slow.send("GET / HTT").answer().status());
    }
    try (RawClient client = new RawClient(port)) {
      assertEquals(504, client.get(HOST, "/hold").answer().status());
      assertEquals(1, edge.counters().total(ProxyOutcome.BACKEND_TIMEOUT));
    }
  }
}
