package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.TlsEdges.socket;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.tls.TestCertificates;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS at the edge with real handshakes: who is presented to whom, and what comes through. */
@Timeout(60)
class EdgeTlsTest {
  @TempDir private Path dir;
  private Path certificates;
  private LoopbackBackend one;
  private EdgePlane edge;
  private int port;

  @BeforeEach
  void start() throws IOException {
    certificates = dir.resolve("certificates");
    TestCertificates.write(certificates.resolve("1-first.pem"), TestCertificates.pem("first.test"));
    TestCertificates.write(
        certificates.resolve("2-web.pem"), TestCertificates.pem("web.example.com", "*.wild.test"));
    one = new LoopbackBackend("one");
    port = freePort();
    edge = TlsEdges.edge(freePort(), port, certificates, ProxyLimits.DEFAULT);
    assertEquals(PlaneReport.ALL_SERVED, edge.apply(vhosts()));
  }

  private RoutingSnapshot vhosts() {
    return aSnapshot()
        .vhost(Edges.HOST, null, one.backend())
        .vhost("a.wild.test", null, one.backend())
        .build();
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    one.close();
  }

  private static String presented(SSLSocket socket) throws IOException {
    X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return certificate.getSubjectX500Principal().getName();
  }

  private String presentedFor(String name) throws IOException {
    try (SSLSocket socket = socket(port, name)) {
      return presented(socket);
    }
  }

  @Test
  void aNameGetsItsCertificateAndAnyOtherTheFirst() throws IOException {
    assertEquals("CN=web.example.com", presentedFor("web.example.com"));
    assertEquals("CN=web.example.com", presentedFor("WEB.example.com"));
    assertEquals("CN=web.example.com", presentedFor("x.wild.test"));
    assertEquals("CN=first.test", presentedFor("x.y.wild.test"));
    assertEquals("CN=first.test", presentedFor("wild.test"));
    assertEquals("CN=first.test", presentedFor("elsewhere.test"));
  }

  @Test
  void theBackendIsToldThatItWasTls() throws IOException {
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (RawClient client = new RawClient(socket(port, Edges.HOST, version))) {
        String head = client.get(Edges.HOST, "/head").answer().body();
        assertTrue(head.contains("\r\nX-Forwarded-Proto: https\r\n"), head);
        assertTrue(head.contains("\r\nX-Forwarded-Port: " + port + "\r\n"), head);
        assertTrue(head.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"), head);
        assertEquals("one", client.get(Edges.HOST, "/name").answer().body());
      }
    }
  }

  @Test
  void hostDecidesAndTheServerNameHelpsOutWhereHostNamesNothing() throws IOException {
    try (RawClient client = new RawClient(socket(port, "elsewhere.test"))) {
      assertEquals("one", client.get(Edges.HOST, "/name").answer().body());
      assertEquals(503, client.get("unknown.test", "/name").answer().status());
    }
    try (RawClient client = new RawClient(socket(port, Edges.HOST))) {
      assertEquals("one", client.get("unknown.test", "/name").answer().body());
    }
  }

  @Test
  void anExchangedCertificateServesTheNextHandshakeAndDisturbsNobody() throws Exception {
    try (RawClient before = new RawClient(socket(port, Edges.HOST))) {
      before.get(Edges.HOST, "/hold");
      one.held.await();
      TestCertificates.write(
          certificates.resolve("2-web.pem"), TestCertificates.pem("new.test", Edges.HOST));
      awaitPresented("CN=new.test");
      one.release.countDown();
      assertEquals("one", before.answer().body());
      assertEquals("one", before.get(Edges.HOST, "/name").answer().body());
    }
  }

  @Test
  void aFileThatTurnsBadLeavesTheOldCertificateInUse() throws IOException {
    TestCertificates.write(
        certificates.resolve("2-web.pem"),
        TestCertificates.pem("web.example.com").replaceAll("(?s)-----BEGIN PRIVATE.*", ""));
    TestCertificates.write(
        certificates.resolve("3-more.pem"), TestCertificates.pem("more.example.com"));
    Edges.await(() -> presentedFor("more.example.com").equals("CN=more.example.com"));
    assertEquals("CN=web.example.com", presentedFor("web.example.com"));
  }

  private void awaitPresented(String subject) {
    Edges.await(() -> presentedFor(Edges.HOST).equals(subject));
  }

  @Test
  void withoutCertificatesOneIsMadeAndKept() throws IOException {
    edge.close();
    Path none = Files.createDirectories(dir.resolve("none"));
    String serial = "";
    for (int i = 0; i < 2; i++) {
      edge = TlsEdges.edge(freePort(), port, none, ProxyLimits.DEFAULT);
      edge.apply(vhosts());
      try (SSLSocket socket = socket(port, Edges.HOST)) {
        assertEquals("CN=edge.test", presented(socket));
        X509Certificate made = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        assertTrue(serial.isEmpty() || serial.equals(made.getSerialNumber().toString()));
        serial = made.getSerialNumber().toString();
      }
      edge.close();
    }
  }

  @Test
  void aServicePortWithACertificateSpeaksTlsAlone() throws Exception {
    int http = freePort();
    int tcp = freePort();
    Path own = TestCertificates.write(dir.resolve("own.pem"), TestCertificates.pem("own.test"));
    RoutingSnapshot next =
        aSnapshot()
            .port(http, Mode.HTTP, own.toString(), false, one.backend())
            .port(tcp, Mode.TCP, "2-web.pem", false, one.backend())
            .build();
    assertEquals(PlaneReport.ALL_SERVED, edge.apply(next));
    try (SSLSocket socket = socket(http, "whatever.test");
        RawClient client = new RawClient(socket)) {
      assertEquals("CN=own.test", presented(socket));
      String head = client.get("any", "/head").answer().body();
      assertTrue(head.contains("\r\nX-Forwarded-Proto: https\r\n"), head);
    }
    try (SSLSocket socket = socket(tcp, "whatever.test");
        RawClient client = new RawClient(socket)) {
      assertEquals("CN=web.example.com", presented(socket));
      String head = client.get("any", "/head").answer().body();
      assertFalse(head.contains("X-Forwarded"), head);
    }
    try (RawClient plain = new RawClient(http)) {
      plain.get("any", "/name");
      assertFalse(plain.rest().contains("HTTP/1.1 200"), "plain HTTP is not answered");
    }
  }

  @org.junit.jupiter.api.RepeatedTest(10)
  void anEndSaidUnderTlsReachesTheOtherSideAsAnEnd() throws Exception {
    int tcp = freePort();
    edge.apply(aSnapshot().port(tcp, Mode.TCP, "2-web.pem", false, one.backend()).build());
    try (SSLSocket socket = socket(tcp, "any.test", "TLSv1.3")) {
      socket
          .getOutputStream()
          .write("GET /ws HTTP/1.1\r\nHost: a\r\n\r\nlast words".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(all.endsWith("hello from one\nlast words"), "got: " + all);
    }
  }

  @Test
  void aMissingCertificateShutsItsPortAloneUntilItIsThere() throws Exception {
    int tls = freePort();
    int plain = freePort();
    Path late = dir.resolve("late.pem");
    RoutingSnapshot next =
        aSnapshot()
            .port(tls, Mode.HTTP, late.toString(), false, one.backend())
            .port(plain, Mode.HTTP, one.backend())
            .build();
    String sentence = edge.apply(next).degraded().get("service port " + tls);
    assertTrue(sentence.contains("HAPROXY_0_SSL_CERT of /web: " + late), sentence);
    assertTrue(sentence.contains("there is no such file"), sentence);
    assertThrows(IOException.class, () -> new Socket("127.0.0.1", tls).close());
    try (RawClient client = new RawClient(plain)) {
      assertEquals("one", client.get("any", "/name").answer().body());
    }
    TestCertificates.write(late, TestCertificates.pem("late.test"));
    Edges.await(
        () -> {
          try (SSLSocket socket = socket(tls, "late.test")) {
            return presented(socket).equals("CN=late.test");
          } catch (IOException e) {
            return false;
          }
        });
  }

  @Test
  void whoDoesNotShakeHandsIsClosed() throws IOException {
    edge.close();
    edge = TlsEdges.edge(freePort(), port, certificates, Edges.QUICK);
    edge.apply(vhosts());
    for (byte[] greeting :
        new byte[][] {
          {}, {0x16, 0x03, 0x01}, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)
        }) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(10_000);
        long begun = System.nanoTime();
        socket.getOutputStream().write(greeting);
        InputStream in = socket.getInputStream();
        try {
          in.readAllBytes();
        } catch (java.net.SocketException e) {
          // A reset will do as well.
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 5);
      }
    }
  }

  @Test
  void aProxyBeforeTheEdgeSaysWhoTheClientIs() throws Exception {
    int plain = freePort();
    int tls = freePort();
    edge.apply(
        aSnapshot()
            .port(plain, Mode.HTTP, null, true, one.backend())
            .port(tls, Mode.HTTP, "2-web.pem", true, one.backend())
            .build());
    String line = "PROXY TCP4 203.0.113.7 198.51.100.1 40000 8443\r\n";
    try (RawClient client = new RawClient(plain)) {
      String head = client.send(line).get("any", "/head").answer().body();
      assertTrue(head.contains("\r\nX-Forwarded-For: 203.0.113.7\r\n"), head);
      assertTrue(head.contains("\r\nX-Forwarded-Port: 8443\r\n"), head);
    }
    try (Socket socket = new Socket("127.0.0.1", tls)) {
      socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
      try (RawClient client = new RawClient(socket(socket, "any.test"))) {
        String head = client.get("any", "/head").answer().body();
        assertTrue(head.contains("\r\nX-Forwarded-For: 203.0.113.7\r\n"), head);
        assertTrue(head.contains("\r\nX-Forwarded-Proto: https\r\n"), head);
      }
    }
    try (RawClient client = new RawClient(plain)) {
      client.get("any", "/name");
      assertThrows(IOException.class, client::answer, "who says nothing is not served");
    }
  }
}
