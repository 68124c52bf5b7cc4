package io.dromos.dataplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderRewriteTest {
  private static final HeaderRewrite.Origin PLAIN =
      new HeaderRewrite.Origin("10.1.2.3", 8000, false);

  private static Headers toBackend(String method, String... lines)
      throws MalformedMessageException {
    return HeaderRewrite.toBackend(RequestHead.of(method, "/", 1, Headers.of(lines)), PLAIN, true);
  }

  private static List<String> all(Headers headers, String name) {
    List<String> values = new ArrayList<>();
    headers.forEach(
        (key, value) -> {
          if (key.equalsIgnoreCase(name)) {
            values.add(value);
          }
        });
    return values;
  }

  private static Headers toClient(int status, String... lines) throws MalformedMessageException {
    Headers headers = Headers.of(lines);
    return HeaderRewrite.toClient(
        new ResponseHead(status, "", 1, headers, Framing.ofResponse("GET", status, headers)));
  }

  @Test
  void forwardedHeadersAreAddedAsMarathonLbDoes() throws MalformedMessageException {
    Headers out =
        toBackend(
            "GET",
            "Host",
            "A.b:81",
            "X-Forwarded-For",
            "1.1.1.1",
            "X-Forwarded-Port",
            "443",
            "X-Forwarded-Proto",
            "https");
    assertEquals(List.of("A.b:81"), all(out, "Host"));
    assertEquals(List.of("1.1.1.1", "10.1.2.3"), all(out, "X-Forwarded-For"));
    assertEquals(List.of("8000"), all(out, "X-Forwarded-Port"));
    assertEquals(List.of("https"), all(out, "X-Forwarded-Proto"));
    assertFalse(out.has("X-Forwarded-Host"));
    assertFalse(out.has("Via"));
  }

  @Test
  void protocolIsToldOnTlsAlone() throws MalformedMessageException {
    RequestHead head = RequestHead.of("GET", "/", 1, Headers.of("Host", "a"));
    assertNull(HeaderRewrite.toBackend(head, PLAIN, true).first("X-Forwarded-Proto"));
    assertEquals(
        "https",
        HeaderRewrite.toBackend(head, new HeaderRewrite.Origin("::1", 443, true), true)
            .first("X-Forwarded-Proto"));
  }

  @Test
  void hopByHopHeadersStayHere() throws MalformedMessageException {
    Headers out =
        toBackend(
            "GET",
            "Host",
            "a",
            "Connection",
            "keep-alive, X-Secret, Cookie",
            "Keep-Alive",
            "5",
            "X-Secret",
            "s",
            "Cookie",
            "c=d",
            "Proxy-Connection",
            "keep-alive",
            "Proxy-Authorization",
            "Basic x",
            "TE",
            "trailers, deflate",
            "Upgrade",
            "h2c",
            "Accept",
            "x");
    for (String gone :
        List.of(
            "Connection",
            "Keep-Alive",
            "X-Secret",
            "Proxy-Connection",
            "Proxy-Authorization",
            "Upgrade")) {
      assertFalse(out.has(gone), gone);
    }
    assertEquals("c=d", out.first("Cookie"));
    assertEquals("trailers", out.first("TE"));
    assertEquals("x", out.first("Accept"));
  }

  @Test
  void aProtocolSwitchIsPassedOn() throws MalformedMessageException {
    Headers out = toBackend("GET", "Host", "a", "Connection", "Upgrade", "Upgrade", "websocket");
    assertEquals(List.of("Upgrade"), all(out, "Connection"));
    assertEquals(List.of("websocket"), all(out, "Upgrade"));
  }

  @Test
  void framingIsWrittenAnew() throws MalformedMessageException {
    assertEquals(
        "5", toBackend("POST", "Host", "a", "content-length", "005").first("Content-Length"));
    assertEquals(
        "0", toBackend("POST", "Host", "a", "Content-Length", "0").first("Content-Length"));
    assertEquals(
        List.of("chunked"),
        all(toBackend("POST", "Host", "a", "Transfer-Encoding", "Chunked"), "Transfer-Encoding"));
    assertFalse(toBackend("GET", "Host", "a").has("Content-Length"));
  }

  @Test
  void theExpectationPassesOnlyWhereItCanBeMet() throws MalformedMessageException {
    RequestHead head =
        RequestHead.of(
            "POST",
            "/",
            1,
            Headers.of("Host", "a", "Expect", "100-continue", "Content-Length", "1"));
    assertEquals("100-continue", HeaderRewrite.toBackend(head, PLAIN, true).first("Expect"));
    assertFalse(HeaderRewrite.toBackend(head, PLAIN, false).has("Expect"));
  }

  @Test
  void answersLoseWhatBelongsToTheBackendsConnection() throws MalformedMessageException {
    Headers out =
        toClient(
            200,
            "Connection",
            "close, X-Hop",
            "X-Hop",
            "1",
            "Transfer-Encoding",
            "chunked",
            "Server",
            "b",
            "Set-Cookie",
            "a=1",
            "Set-Cookie",
            "b=2");
    assertEquals("b", out.first("Server"));
    assertEquals(List.of("a=1", "b=2"), all(out, "Set-Cookie"));
    assertFalse(out.has("Connection"));
    assertFalse(out.has("X-Hop"));
    assertFalse(out.has("Transfer-Encoding"));
  }

  @Test
  void anEqualLengthSaidTwiceIsSaidOnce() throws MalformedMessageException {
    assertEquals(
        List.of("5"),
        all(toClient(200, "Content-Length", "5, 5", "Content-Length", "5"), "Content-Length"));
    assertFalse(toClient(204, "Content-Length", "0").has("Content-Length"));
    assertEquals("5", toClient(304, "Content-Length", "5").first("Content-Length"));
  }

  @Test
  void trailersCannotChangeWhatWasJudged() {
    Headers out =
        HeaderRewrite.trailers(
            Headers.of("X-Sum", "1", "Content-Length", "9", "Host", "b", "Transfer-Encoding", "x"));
    assertEquals(1, out.size());
    assertEquals("1", out.first("X-Sum"));
  }
}
