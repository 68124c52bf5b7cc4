package io.dromos.dataplane.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadParserTest {
  private static RequestHead request(String text) throws MalformedMessageException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return HeadParser.request(bytes, bytes.length);
  }

  private static ResponseHead response(String text, String method)
      throws MalformedMessageException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return HeadParser.response(bytes, bytes.length, method);
  }

  private static String unescape(String text) {
    return text.replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\0", "\0")
        .replace("\\x7f", "\u007f")
        .replace("\\xe9", "\u00e9");
  }

  @Test
  void readsAPlainRequest() throws MalformedMessageException {
    RequestHead head =
        request("GET /a/b?c=d HTTP/1.1\r\nHost: Shop.Example.com:81\r\nAccept:\t x  \r\n\r\n");
    assertEquals("GET", head.method());
    assertEquals("/a/b?c=d", head.target());
    assertEquals("/a/b", head.path());
    assertEquals(new HostPort("shop.example.com", 81), head.host());
    assertEquals("x", head.headers().first("accept"));
    assertEquals(Framing.NONE, head.framing());
    assertTrue(head.keepAlive());
  }

  @Test
  void anAbsoluteTargetReplacesHost() throws MalformedMessageException {
    RequestHead head = request("GET http://a.b:8?q HTTP/1.1\r\nHost: other\r\n\r\n");
    assertEquals("/?q", head.target());
    assertEquals("a.b:8", head.authority());
    assertEquals(new HostPort("a.b", 8), head.host());
  }

  /** Each of these has been read in two ways by some pair of parsers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 3\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3, 3\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +3\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -3\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0x3\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length:\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9999999999999999999\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked, chunked\\r\\n\\r\\n" | 501
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n" | 501
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n" | 501
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n" | 501
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding:\\r\\n\\r\\n" | 501
          "GET / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding : chunked\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\n Transfer-Encoding: chunked\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\r\\n\\tc\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\nHost: a\\n\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\nX: y\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX: a\\rY: b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX: a\\0b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX: a\\x7fb\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\n: b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nno colon\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\xe9: b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nX(y): b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a@b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a:x\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: a:1:2\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1\\r\\nHost: [::1\\r\\n\\r\\n" | 400
          "GET /a b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET\\t/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          " GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET / HTTP/1.1 \\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET /\\r\\nHost: a\\r\\n\\r\\n" | 400
          "G@T / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET /\\xe9 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET /a#b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET ftp://a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET http:///x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET http://u@a/x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          "CONNECT a:443 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | 501
          "GET / HTTP/1.2\\r\\nHost: a\\r\\n\\r\\n" | 505
          "PRI * HTTP/2.0\\r\\n\\r\\n" | 505
          "GET / http/1.1\\r\\nHost: a\\r\\n\\r\\n" | 400
          """)
  void refusesWhatTwoParsersCouldReadDifferently(String text, int status) {
    MalformedMessageException e =
        assertThrows(MalformedMessageException.class, () -> request(unescape(text)));
    assertEquals(status, e.status(), e.sentence());
  }

  @Test
  void refusesTooManyLines() {
    MalformedMessageException e =
        assertThrows(
            MalformedMessageException.class,
            () -> request("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(129) + "\r\n"));
    assertEquals(431, e.status());
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', true",
    "1, close, false",
    "1, 'Keep-Alive, CLOSE', false",
    "0, '', false",
    "0, keep-alive, true"
  })
  void knowsWhetherTheClientStays(int minor, String connection, boolean stays)
      throws MalformedMessageException {
    assertEquals(
        stays,
        request("GET / HTTP/1." + minor + "\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n")
            .keepAlive());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, websocket, '', websocket",
    "GET, h2c, '',",
    "GET, 'websocket, h2c', '',",
    "POST, websocket, '',",
    "GET, websocket, 'Content-Length: 1',"
  })
  void switchesProtocolsOnlyWhereNothingCanBeSmuggled(
      String method, String protocol, String extra, String expected)
      throws MalformedMessageException {
    String line = extra.isEmpty() ? "" : extra + "\r\n";
    RequestHead head =
        request(
            method
                + " / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
                + protocol
                + "\r\n"
                + line
                + "\r\n");
    if (expected == null) {
      assertNull(head.upgrade());
    } else {
      assertEquals(expected, head.upgrade());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.B., a.b, -1",
    "A:80, a, 80",
    "'[::1]:8080', ::1, 8080",
    "'[FE80::1]', fe80::1, -1",
    "a:, a, -1",
    "'', '', -1"
  })
  void namesAreComparedInOneForm(String sent, String host, int port)
      throws MalformedMessageException {
    assertEquals(new HostPort(host, port), HostPort.parse(sent));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 200, 'Content-Length: 5', LENGTH",
    "GET, 200, 'Content-Length: 0', NONE",
    "GET, 200, 'Transfer-Encoding: Chunked', CHUNKED",
    "GET, 200, 'X: y', UNTIL_CLOSE",
    "HEAD, 200, 'Content-Length: 5', NONE",
    "GET, 204, 'X: y', NONE",
    "GET, 304, 'Content-Length: 5', NONE",
    "GET, 100, 'X: y', NONE"
  })
  void aResponseEndsWhereItsHeadSays(String method, int status, String line, Framing.Kind kind)
      throws MalformedMessageException {
    ResponseHead head = response("HTTP/1.1 " + status + " x\r\n" + line + "\r\n\r\n", method);
    assertEquals(kind, head.framing().kind());
  }

  @Test
  void aResponseMayComeFromAShellOneLiner() throws MalformedMessageException {
    ResponseHead head = response("HTTP/1.0 200\nX: y\n\n", "GET");
    assertEquals(200, head.status());
    assertEquals("", head.reason());
    assertFalse(head.keepAlive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HTTP/1.1 200 OK~Content-Length: 1~Transfer-Encoding: chunked~~
          HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~
          HTTP/1.1 200 OK~Transfer-Encoding: gzip~~
          HTTP/2.0 200 OK~~
          HTTP/1.1 2x0 OK~~
          HTTP/1.1 099 OK~~
          hello~~
          """)
  void aBrokenResponseIsRefused(String text) {
    assertThrows(MalformedMessageException.class, () -> response(text.replace("~", "\r\n"), "GET"));
  }
}
