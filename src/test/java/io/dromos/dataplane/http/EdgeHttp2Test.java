package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.tls.TestCertificates;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 clients of the edge, by ALPN and with prior knowledge, good ones and bad ones. */
@Timeout(60)
class EdgeHttp2Test {
  private static final String NOT_FOUND = "no app is published under this host name\n";

  @TempDir private Path dir;
  private LoopbackBackend one;
  private EdgePlane edge;
  private HttpClient client;
  private int plain;
  private int tls;

  @BeforeEach
  void start() throws IOException {
    Path certificates = dir.resolve("certificates");
    TestCertificates.write(certificates.resolve("a.pem"), TestCertificates.pem("edge.test"));
    one = new LoopbackBackend("one");
    plain = freePort();
    tls = freePort();
    edge = TlsEdges.edge(plain, tls, certificates, ProxyLimits.DEFAULT);
    edge.apply(aSnapshot().vhost("127.0.0.1", null, one.backend()).build());
    client = TlsEdges.client(HttpClient.Version.HTTP_2);
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    one.close();
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + tls + target))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> get(String target) throws Exception {
    return client.send(request(target).build(), BodyHandlers.ofString());
  }

  @Test
  void manyRequestsShareOneConnection() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    assertEquals("one", get("/name").body());
    for (int i = 0; i < 100; i++) {
      answers.add(client.sendAsync(request("/name").build(), BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> got = answer.get(20, TimeUnit.SECONDS);
      assertEquals(HttpClient.Version.HTTP_2, got.version());
      assertEquals("one", got.body());
    }
    assertEquals(101, edge.counters().total(ProxyOutcome.SERVED));
  }

  @Test
  void theBackendGetsOneReadingOfTheRequest() throws Exception {
    HttpRequest asked = request("/head?1").header("Cookie", "a=1").header("X-Mine", "kept").build();
    String head = client.send(asked, BodyHandlers.ofString()).body();
    assertTrue(head.startsWith("GET /head?1 HTTP/1.1\r\nHost: 127.0.0.1:" + tls), head);
    assertTrue(head.contains("\r\nx-mine: kept\r\n"), head);
    assertTrue(head.contains("\r\ncookie: a=1\r\n"), head);
    assertTrue(head.contains("\r\nX-Forwarded-Proto: https\r\n"), head);
  }

  @Test
  void bodiesOfAllKindsComeThroughWhole() throws Exception {
    int size = 8 * Edges.MEGABYTE;
    byte[] body = new byte[size];
    HttpRequest counted = request("/count").POST(BodyPublishers.ofByteArray(body)).build();
    assertEquals(size + "", client.send(counted, BodyHandlers.ofString()).body());
    HttpRequest unknown =
        request("/count")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
            .build();
    assertEquals(size + "", client.send(unknown, BodyHandlers.ofString()).body());
    for (String big : new String[] {"/big?", "/big-chunked?"}) {
      HttpResponse<InputStream> answer =
          client.send(request(big + size).build(), BodyHandlers.ofInputStream());
      assertEquals(size, answer.body().readAllBytes().length);
    }
    HttpRequest echo = request("/echo").POST(BodyPublishers.ofString("back")).build();
    assertEquals("back", client.send(echo, BodyHandlers.ofString()).body());
  }

  @Test
  void anUploadWaitsForItsBackendWithoutFillingMemory() throws Exception {
    byte[] body = new byte[4 * Edges.MEGABYTE];
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(
            request("/wait-count").POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofString());
    assertEquals("one", get("/name").body(), "others on the connection go on");
    one.release.countDown();
    assertEquals(body.length + "", waiting.get(30, TimeUnit.SECONDS).body());
  }

  @Test
  void refusalsAndFailuresAreSaidInTheirOwnWords() throws Exception {
    assertEquals(204, get("/none").statusCode());
    assertEquals(404, get("/elsewhere").statusCode());
    assertEquals(502, get("/garbage").statusCode());
    assertEquals(502, get("/no-answer").statusCode());
    assertThrows(IOException.class, () -> get("/cut"));
    HttpRequest head = request("/name").method("HEAD", BodyPublishers.noBody()).build();
    assertEquals(
        "3",
        client
            .send(head, BodyHandlers.ofString())
            .headers()
            .firstValue("content-length")
            .orElse(""));
    edge.apply(aSnapshot().build());
    HttpResponse<String> nowhere = get("/name");
    assertEquals(503, nowhere.statusCode());
    assertEquals(NOT_FOUND, nowhere.body());
  }

  /** Frames by hand, over the plain port with prior knowledge. */
  private final class Frames implements AutoCloseable {
    final Socket socket = new Socket("127.0.0.1", plain);

    Frames() throws IOException {
      socket.setSoTimeout(15_000);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      send(4, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
      frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
      frame.putInt(stream).put(payload);
      socket.getOutputStream().write(frame.array());
    }

    /** Type of the last frame before the connection ends, or of the first of that type. */
    int awaitFrame(int wanted) throws IOException {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      try {
        while (true) {
          int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
          int type = in.readUnsignedByte();
          in.skipNBytes(5L + length);
          if (type == wanted) {
            return type;
          }
        }
      } catch (java.io.EOFException | java.net.SocketException e) {
        return -1;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** GET / for 127.0.0.1 as HPACK without Huffman. */
  private static byte[] getHeaders() {
    byte[] authority = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer block = ByteBuffer.allocate(6 + authority.length);
    block.put((byte) 0x82).put((byte) 0x86).put((byte) 0x84).put((byte) 0x41);
    block.put((byte) authority.length).put(authority);
    return java.util.Arrays.copyOf(block.array(), block.position());
  }

  @Test
  void priorKnowledgeIsEnoughWithoutTls() throws IOException {
    try (Frames frames = new Frames()) {
      frames.send(1, 5, 1, getHeaders());
      assertEquals(1, frames.awaitFrame(1), "an answer's head");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "settings", "priority", "reset", "empty data", "continuation"})
  void aFloodIsEnded(String kind) throws IOException {
    try (Frames frames = new Frames()) {
      try {
        if (kind.equals("empty data") || kind.equals("continuation")) {
          frames.send(1, kind.equals("empty data") ? 4 : 0, 1, getHeaders());
        }
        for (int i = 0; i < 20_000; i++) {
          switch (kind) {
            case "ping" -> frames.send(6, 0, 0, new byte[8]);
            case "settings" -> frames.send(4, 0, 0, new byte[0]);
            case "priority" -> frames.send(2, 0, 2 * i + 1, new byte[5]);
            case "reset" -> {
              frames.send(1, 5, 2 * i + 1, getHeaders());
              frames.send(3, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
            }
            case "empty data" -> frames.send(0, 0, 1, new byte[0]);
            default -> frames.send(9, 0, 1, new byte[0]);
          }
        }
      } catch (IOException e) {
        // Cut off in the middle of it: that is the point.
      }
      int last = frames.awaitFrame(7);
      assertTrue(last == 7 || last == -1, "it is told to go away, or cut off");
    }
    try (RawClient other = new RawClient(plain)) {
      assertEquals("one", other.get("127.0.0.1", "/name").answer().body(), "others are served");
    }
  }

  @Test
  void halfABeginningAndIdlenessHaveLimits() throws IOException {
    edge.close();
    edge = TlsEdges.edge(plain, tls, dir.resolve("certificates"), Edges.QUICK);
    edge.apply(aSnapshot().vhost("127.0.0.1", null, one.backend()).build());
    long begun = System.nanoTime();
    try (Frames frames = new Frames()) {
      assertEquals(7, frames.awaitFrame(7), "GOAWAY without any request");
    }
    assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 8);
  }
}
