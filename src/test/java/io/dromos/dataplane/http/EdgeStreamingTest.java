package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.HOST;
import static io.dromos.dataplane.http.Edges.edge;
import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Edges.routes;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies, tunnels and pipelines through the edge, with real sockets on both sides. */
@Timeout(60)
class EdgeStreamingTest {
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
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    edge.apply(routes(one.backend()));
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      requests.append("POST /echo HTTP/1.1\r\nHost: web.example.com\r\nContent-Length: 2\r\n\r\n");
      requests.append((char) ('a' + i)).append('\n');
    }
    try (RawClient client = new RawClient(port)) {
      client.send(requests.toString());
      for (int i = 0; i < 20; i++) {
        assertEquals((char) ('a' + i) + "\n", client.answer().body());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/big", "/big-chunked"})
  void aLargeDownloadToASlowReaderIsHeldBackAndComplete(String path) throws Exception {
    edge.apply(routes(one.backend()));
    long size = 50L * Edges.MEGABYTE;
    try (RawClient client = new RawClient(port)) {
      client.get(HOST, path + "?" + size);
      // The reader is not there yet: the backend must get stuck long before the end.
      assertEquals(200, new RawClientProbe(port).status());
      assertEquals(size, client.countBody());
      assertEquals(200, client.get(HOST, "/name").answer().status());
    }
  }

  /** Another client is served while one doesn't read. */
  private record RawClientProbe(int port) {
    int status() throws IOException {
      try (RawClient client = new RawClient(port)) {
        return client.get(HOST, "/name").answer().status();
      }
    }
  }

  @Test
  void aLargeUploadIsHeldBackUntilTheBackendReads() throws Exception {
    edge.apply(routes(one.backend()));
    int size = 50 * Edges.MEGABYTE;
    try (RawClient client = new RawClient(port)) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send(
                      "POST /wait-count HTTP/1.1\r\nHost: web.example.com\r\nContent-Length: "
                          + size
                          + "\r\n\r\n");
                  byte[] block = new byte[Edges.MEGABYTE];
                  for (int i = 0; i < 50; i++) {
                    client.send(block);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      assertEquals(200, new RawClientProbe(port).status());
      assertTrue(sender.isAlive(), "50 MB do not fit into the buffers on the way");
      one.release.countDown();
      assertEquals(Integer.toString(size), client.answer().body());
      sender.join();
    }
  }

  @Test
  void chunksUpAndDownStreamAtTheSameTimeWithTrailers() throws IOException {
    edge.apply(routes(one.backend()));
    try (RawClient client = new RawClient(port)) {
      client.send(
          """
              POST /echo HTTP/1.1\r
              Host: web.example.com\r
              Transfer-Encoding: chunked\r
              \r
              3\r
              one\r
              """);
      client.send("5;x=y\r\n, two\r\n0\r\nX-Up: yes\r\nHost: no\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals("one, two", answer.body());
      assertEquals("X-Sum: done\n", answer.trailers());
      assertTrue(one.heads.contains("trailer X-Up: yes"));
      assertFalse(one.heads.contains("trailer Host: no"));
      assertEquals("one", client.get(HOST, "/name").answer().body());
    }
  }

  @Test
  void theBackendDecidesAboutContinue() throws IOException {
    edge.apply(routes(one.backend()));
    String head =
        " HTTP/1.1\r\nHost: web.example.com\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    try (RawClient client = new RawClient(port)) {
      assertEquals(100, client.send("POST /continue" + head).answer().status());
      assertEquals("2", client.send("ok").answer().body());
      RawClient.Answer refused = client.send("POST /no-continue" + head).answer();
      assertEquals(417, refused.status());
      assertEquals("close", refused.lines().get("Connection"));
      assertTrue(client.closed());
    }
  }

  @Test
  void answersWithoutABodyKeepTheConnection() throws IOException {
    edge.apply(routes(one.backend()));
    try (RawClient client = new RawClient(port)) {
      client.send("HEAD /big?1000 HTTP/1.1\r\nHost: web.example.com\r\n\r\n");
      // This backend sends the body all the same: its connection is not used again.
      assertEquals("1000", client.answer("HEAD").lines().get("Content-Length"));
      assertEquals("b", client.get(HOST, "/none").answer().lines().get("X-A"));
      assertEquals("one", client.get(HOST, "/name").answer().body());
    }
  }

  @Test
  void aBodyThatEndsWithTheBackendsConnectionIsChunkedForTheClient() throws IOException {
    try (RawClient client = new RawClient(port)) {
      assertEquals("to the end", client.get(HOST, "/until-close").answer().body());
      assertEquals("ok", client.get(HOST, "/close-after").answer().body());
      assertEquals(200, client.get(HOST, "/name").answer().status());
    }
    try (RawClient old = new RawClient(port)) {
      RawClient.Answer answer =
          old.send("GET /big-chunked?70000 HTTP/1.0\r\nHost: web.example.com\r\n\r\n").answer();
      assertEquals(70000, answer.body().length());
      assertFalse(answer.lines().containsKey("Transfer-Encoding"));
    }
  }

  @Test
  void aWebSocketIsATunnelBothWays() throws IOException {
    edge.apply(routes(one.backend()));
    try (RawClient client = new RawClient(port)) {
      client.send(
          """
              GET /ws HTTP/1.1\r
              Host: web.example.com\r
              Connection: keep-alive, Upgrade\r
              Upgrade: websocket\r
              Sec-WebSocket-Key: x\r
              \r
              early
              """);
      RawClient.Answer answer = client.answer();
      assertEquals(101, answer.status());
      assertEquals("websocket", answer.lines().get("Upgrade"));
      assertEquals("hello from one", client.line());
      assertEquals("early", client.line());
      edge.apply(aSnapshot().build());
      for (int i = 0; i < 100; i++) {
        client.send("line " + i + "\n");
        assertEquals("line " + i, client.line());
      }
      client.send("last\n");
      client.socket.shutdownOutput();
      assertEquals("last\n", client.rest(), "half-closed, not cut");
    }
    Edges.awaitTotal(edge, ProxyOutcome.TUNNELLED, 1);
  }
}
