package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.HOST;
import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Snapshots.WEB;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.TlsEdges.socket;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.tls.TestCertificates;
import io.dromos.routing.Balance;
import io.dromos.routing.BasicAuth;
import io.dromos.routing.EdgePolicy;
import io.dromos.routing.EdgeService;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.ServicePort;
import io.dromos.routing.ServicePort.Mode;
import io.dromos.routing.VhostRoute;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.commons.codec.digest.Crypt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, networks and redirects hold on every way in: under TLS, HTTP/2, behind a proxy. */
@Timeout(60)
class EdgeGuardsTest {
  private static final String JOE = basic("joe:secret");
  private static final BasicAuth AUTH =
      new BasicAuth("inside", "joe", Crypt.crypt("secret", "$5$saltsalt"));

  @TempDir private Path dir;
  private Path certificates;
  private LoopbackBackend one;
  private EdgePlane edge;
  private int plain;
  private int tls;

  @BeforeEach
  void start() throws IOException {
    certificates = dir.resolve("certificates");
    TestCertificates.write(certificates.resolve("a.pem"), TestCertificates.pem("127.0.0.1", HOST));
    one = new LoopbackBackend("one");
    plain = freePort();
    tls = freePort();
    edge = TlsEdges.edge(plain, tls, certificates, ProxyLimits.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    edge.close();
    one.close();
  }

  private static String basic(String pair) {
    return "Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
  }

  private EdgeService service(Mode mode, List<String> networks) {
    EdgePolicy policy =
        new EdgePolicy(
            Balance.TURNS, "sticky", true, networks, List.of(HOST), null, null, null, 0, null);
    return new EdgeService("web", WEB, 0, 10000, mode, policy, null, List.of(one.backend()));
  }

  private VhostRoute route(
      String host, boolean redirect, @Nullable BasicAuth auth, String... networks) {
    return new VhostRoute(
        host, null, false, 0, redirect, auth, service(Mode.HTTP, List.of(networks)));
  }

  private HttpResponse<String> http2(String target, @Nullable String authorization, byte[] body)
      throws Exception {
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + tls + target))
            .timeout(Duration.ofSeconds(30));
    if (authorization != null) {
      asked.header("Authorization", authorization);
    }
    asked = body.length == 0 ? asked.GET() : asked.POST(BodyPublishers.ofByteArray(body));
    HttpResponse<String> got =
        TlsEdges.client(HttpClient.Version.HTTP_2).send(asked.build(), BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_2, got.version());
    return got;
  }

  @Test
  void aPasswordIsAskedForOverHttp2() throws Exception {
    edge.apply(aSnapshot().route(route("127.0.0.1", true, AUTH)).build());
    byte[] body = new byte[Edges.MEGABYTE];
    for (String wrong : new String[] {null, basic("joe:other"), basic("jim:secret"), "Basic x"}) {
      HttpResponse<String> refused = http2("/name", wrong, new byte[0]);
      assertEquals(401, refused.statusCode());
      assertEquals(
          "Basic realm=\"inside\"", refused.headers().firstValue("www-authenticate").orElse(""));
    }
    assertEquals(0, edge.counters().total(ProxyOutcome.SERVED));
    assertEquals(4, edge.counters().total(ProxyOutcome.UNAUTHORIZED));
    HttpResponse<String> granted = http2("/name", JOE, new byte[0]);
    assertEquals("one", granted.body(), "not redirected either: it is https already");
    assertEquals(
        "max-age=15768000",
        granted.headers().firstValue("strict-transport-security").orElse("none"));
    assertTrue(granted.headers().firstValue("set-cookie").orElse("").startsWith("sticky="));
    assertEquals(body.length + "", http2("/count", JOE, body).body(), "the body waits meanwhile");
  }

  @Test
  void aPasswordIsAskedForUnderTlsByHostAndByServerName() throws Exception {
    edge.apply(aSnapshot().route(route(HOST, false, AUTH)).build());
    try (RawClient client = new RawClient(socket(tls, HOST))) {
      assertEquals(401, client.get(HOST, "/name").answer().status());
      assertEquals(401, client.get("unknown.test", "/name").answer().status());
      client.send("GET /name HTTP/1.1\r\nHost: " + HOST + "\r\nAuthorization: " + JOE + "\r\n\r\n");
      assertEquals("one", client.answer().body());
    }
    try (RawClient client = new RawClient(plain)) {
      assertEquals(401, client.get(HOST, "/name").answer().status());
    }
  }

  @Test
  void aNetworkThatIsNotAllowedIsRefusedOnEveryWayIn() throws Exception {
    int http = freePort();
    int tcp = freePort();
    EdgeService inside = service(Mode.HTTP, List.of("10.1.0.0/16"));
    EdgeService bytes = service(Mode.TCP, List.of("10.1.0.0/16"));
    Path own = dir.resolve("own.pem");
    TestCertificates.write(own, TestCertificates.pem("own.test"));
    PlaneReport report =
        edge.apply(
            aSnapshot()
                .route(route("127.0.0.1", false, null, "10.1.0.0/16"))
                .port(new ServicePort(http, null, own.toString(), true, inside))
                .port(new ServicePort(tcp, null, own.toString(), true, bytes))
                .build());
    assertEquals(PlaneReport.ALL_SERVED, report);
    assertEquals(403, http2("/name", null, new byte[0]).statusCode());
    try (RawClient client = new RawClient(plain)) {
      assertEquals(403, client.get("127.0.0.1", "/name").answer().status());
    }
    assertEquals("403", through(http, "10.2.3.4"));
    assertEquals("one", through(http, "10.1.3.4"), "the client counts, not the proxy");
    assertEquals("closed", through(tcp, "10.2.3.4"));
    assertEquals("one", through(tcp, "10.1.3.4"));
  }

  /** The answer to a request under TLS behind a proxy that names this client. */
  private static String through(int port, String client) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    String line = "PROXY TCP4 " + client + " 127.0.0.1 40000 " + port + "\r\n";
    socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    try (RawClient raw = new RawClient(socket(socket, "own.test"))) {
      RawClient.Answer answer = raw.get(HOST, "/name").answer();
      return answer.status() == 200 ? answer.body() : answer.status() + "";
    } catch (IOException e) {
      return "closed";
    }
  }

  @Test
  void aRedirectLeadsToThePortWhereHttpsIsOpen() throws Exception {
    edge.apply(aSnapshot().route(route(HOST, true, null)).build());
    try (RawClient client = new RawClient(plain)) {
      RawClient.Answer moved = client.get(HOST, "/name?x").answer();
      assertEquals(301, moved.status());
      String location = "Location: https://" + HOST + ":" + tls + "/name?x\r\n";
      assertTrue(moved.head().contains(location), moved.head());
    }
    try (RawClient client = new RawClient(socket(tls, HOST))) {
      assertEquals("one", client.get(HOST, "/name").answer().body());
    }
    edge.close();
    edge = Edges.edge(plain, ProxyLimits.DEFAULT);
    edge.apply(aSnapshot().route(route(HOST, true, null)).build());
    try (RawClient client = new RawClient(plain)) {
      assertEquals("one", client.get(HOST, "/name").answer().body(), "nothing serves https");
    }
  }

  @Test
  void aPortOfAnotherAddressStaysShutAndIsReported() throws Exception {
    int port = freePort();
    EdgeService service = service(Mode.HTTP, List.of());
    PlaneReport report =
        edge.apply(
            aSnapshot().port(new ServicePort(port, "127.0.0.9", null, false, service)).build());
    assertTrue(report.toString().contains("HAPROXY_0_BIND_ADDR"), report.toString());
  }
}
