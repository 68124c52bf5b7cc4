package io.dromos.dataplane.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

/**
 * Reads a servlet request's head by the same rules as the edge reads bytes. Only {@code
 * getRequestURI} tells what was sent: the other path methods show it decoded, cut and normalised.
 */
final class ServletHeads {
  private ServletHeads() {}

  /** The name asked for: Host, or the absolute target's, which the container puts there. */
  static HostPort host(HttpServletRequest request) throws MalformedMessageException {
    String header = request.getHeader("Host");
    return HostPort.parse(
        header == null ? request.getServerName() + ":" + request.getServerPort() : header);
  }

  static RequestHead of(HttpServletRequest request) throws MalformedMessageException {
    Headers headers = new Headers();
    for (String name : Collections.list(request.getHeaderNames())) {
      HeadParser.checkToken(name, "a header name holds a character no name has");
      List<String> values = Collections.list(request.getHeaders(name));
      for (String value : values) {
        checkValue(value);
        headers.add(name, value.strip());
      }
    }
    String method = request.getMethod();
    HeadParser.checkToken(method, "the method holds a character no method has");
    boolean http2 = request.getProtocol().startsWith("HTTP/2");
    if (!headers.has("Host")) {
      headers.add("Host", request.getServerName() + ":" + request.getServerPort());
    }
    if (http2 && !headers.has("Content-Length") && mayHaveBody(method)) {
      // HTTP/2 frames a body of unknown length by itself; towards the backend it takes chunks.
      headers.add("Transfer-Encoding", "chunked");
    }
    String query = request.getQueryString();
    String target = request.getRequestURI() + (query == null ? "" : "?" + query);
    int minor = request.getProtocol().equals("HTTP/1.0") ? 0 : 1;
    return RequestHead.of(method, target, minor, headers);
  }

  static HeaderRewrite.Origin origin(HttpServletRequest request) {
    return new HeaderRewrite.Origin(
        request.getRemoteAddr(), request.getLocalPort(), request.isSecure());
  }

  private static boolean mayHaveBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  private static void checkValue(String value) throws MalformedMessageException {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw MalformedMessageException.badRequest("a control character in a header");
      }
    }
  }
}
