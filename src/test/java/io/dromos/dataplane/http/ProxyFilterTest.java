package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.Snapshots.active;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.RoutingSnapshot;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the servlet proxy decides before it proxies anything. */
class ProxyFilterTest {
  private static final String SISE = "sise.marathon.l4lb.thisdcos.directory";

  private final RoutingSnapshot snapshot =
      aSnapshot()
          .vip(SISE, 80, active("a", 1))
          .vhost("shop.example.com", "/api", active("b", 2))
          .build();
  private final ProxyClient client = new ProxyClient(1, ProxyLimits.DEFAULT);
  private final ProxyFilter filter = new ProxyFilter(() -> snapshot, client);
  private final AtomicInteger passedOn = new AtomicInteger();

  @AfterEach
  void stop() {
    client.close();
  }

  private ServletRequests.Answer answer(HttpServletRequest request)
      throws IOException, ServletException {
    ServletRequests.Answer answer = new ServletRequests.Answer();
    filter.doFilter(request, answer.response(), (in, out) -> passedOn.incrementAndGet());
    return answer;
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:8080", "localhost", "node.example.com", "'a b'", "sise"})
  void everyOtherNameGoesOnToTheApi(String host) throws IOException, ServletException {
    assertEquals(200, answer(ServletRequests.request("HTTP/1.1", "GET", "/", "Host", host)).status);
    assertEquals(1, passedOn.get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sise.marathon.l4lb.thisdcos.directory:81 | VIP sise.marathon.l4lb.thisdcos.directory has no port 81; it has 80
          gone.marathon.l4lb.thisdcos.directory    | no VIP gone.marathon.l4lb.thisdcos.directory on this cluster
          shop.example.com                         | no app is published under this path of the host
          """)
  void aNameOfOursThatLeadsNowhereNeverReachesTheApi(String host, String sentence)
      throws IOException, ServletException {
    ServletRequests.Answer answer =
        answer(ServletRequests.request("HTTP/1.1", "GET", "/v2/apps", "Host", host));
    assertEquals(503, answer.status);
    assertEquals(sentence + "\n", answer.body.toString(StandardCharsets.UTF_8));
    assertEquals(0, passedOn.get());
    assertEquals(1, client.counters().total(ProxyOutcome.NO_ROUTE));
  }

  @Test
  void whatTwoParsersCouldReadDifferentlyIsRefused() throws IOException, ServletException {
    for (String[] lines :
        new String[][] {
          {"Host", SISE, "Host", "other"},
          {"Host", SISE, "Content-Length", "1", "Transfer-Encoding", "chunked"},
          {"Host", SISE, "Content-Length", "1", "Content-Length", "2"},
          {"Host", SISE, "X", "a\nb"},
        }) {
      ServletRequests.Answer answer =
          answer(ServletRequests.request("HTTP/1.1", "POST", "/", lines));
      assertEquals(400, answer.status);
      assertEquals("close", answer.lines.get("Connection"));
    }
    assertEquals(0, passedOn.get());
    assertEquals(4, client.counters().total(ProxyOutcome.CLIENT_INVALID));
  }

  @Test
  void theHeadIsWhatWasSent() throws MalformedMessageException {
    RequestHead head =
        ServletHeads.of(
            ServletRequests.request(
                "HTTP/1.1", "PUT", "/a;b=c/%2Fd?x=%20", "Host", "Sise:80", "Content-Length", "3"));
    assertEquals("/a;b=c/%2Fd?x=%20", head.target());
    assertEquals(new HostPort("sise", 80), head.host());
    assertEquals(Framing.length(3), head.framing());
  }

  @Test
  void anHttp2BodyOfUnknownLengthBecomesChunks() throws MalformedMessageException {
    RequestHead post = ServletHeads.of(ServletRequests.request("HTTP/2.0", "POST", "/"));
    assertEquals(Framing.CHUNKED, post.framing());
    assertEquals("server.example.com:8080", post.authority());
    assertFalse(
        ServletHeads.of(ServletRequests.request("HTTP/2.0", "GET", "/")).framing().hasBody());
  }

  @Test
  void anOddTargetIsRefused() {
    assertThrows(
        MalformedMessageException.class,
        () -> ServletHeads.of(ServletRequests.request("HTTP/1.1", "GET", "/ü", "Host", SISE)));
    assertTrue(client.counters().outcomes().isEmpty());
  }
}
