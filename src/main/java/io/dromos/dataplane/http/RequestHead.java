package io.dromos.dataplane.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request's head that is safe to forward: one reading only.
 *
 * @param target origin form ({@code /path?query}) or {@code *}; an absolute target was taken apart
 * @param authority of the absolute target, else the Host header as sent, else empty
 * @param host the same, in the form routes use
 * @param minor 0 or 1, of HTTP/1.x
 */
public record RequestHead(
    String method,
    String target,
    String authority,
    HostPort host,
    int minor,
    Headers headers,
    Framing framing) {

  /** Checks what the lines mean; the lines themselves were checked by whoever read them. */
  public static RequestHead of(String method, String target, int minor, Headers headers)
      throws MalformedMessageException {
    if (headers.count("Host") > 1) {
      throw MalformedMessageException.badRequest("more than one Host");
    }
    if (method.equals("CONNECT")) {
      throw new MalformedMessageException(501, "CONNECT tunnels are not served here");
    }
    checkTarget(target);
    String hostHeader = headers.first("Host");
    String authority = hostHeader == null ? "" : hostHeader;
    String origin = target;
    if (!target.startsWith("/") && !target.equals("*")) {
      int start = schemeEnd(target);
      int end = start;
      while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
        end++;
      }
      authority = target.substring(start, end);
      origin = target.substring(end);
      if (authority.isEmpty()) {
        throw MalformedMessageException.badRequest("the absolute target names no host");
      }
      if (!origin.startsWith("/")) {
        origin = "/" + origin;
      }
    }
    if (origin.equals("*") && !method.equals("OPTIONS")) {
      throw MalformedMessageException.badRequest("the target * is for OPTIONS alone");
    }
    return new RequestHead(
        method,
        origin,
        authority,
        HostPort.parse(authority),
        minor,
        headers,
        Framing.ofRequest(minor, headers));
  }

  /** The same with another framing: HTTP/2 marks the end of a body outside the head. */
  RequestHead framed(Framing other) {
    return new RequestHead(method, target, authority, host, minor, headers, other);
  }

  /** Whether only HTTP/2 will do towards the backend: gRPC has no other form. */
  boolean grpc() {
    String type = method.equals("POST") ? headers.first("Content-Type") : null;
    if (type == null || !type.regionMatches(true, 0, "application/grpc", 0, 16)) {
      return false;
    }
    return type.length() == 16 || type.charAt(16) == '+' || type.charAt(16) == ';';
  }

  private static int schemeEnd(String target) throws MalformedMessageException {
    int end = target.indexOf("://");
    String scheme = end < 0 ? "" : target.substring(0, end).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw MalformedMessageException.badRequest("the target is neither a path nor an http URL");
    }
    return end + 3;
  }

  private static void checkTarget(String target) throws MalformedMessageException {
    if (target.isEmpty()) {
      throw MalformedMessageException.badRequest("the target is empty");
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw MalformedMessageException.badRequest("the target holds a character no URL has");
      }
    }
  }

  /** Without the query, undecoded: what paths of routes are compared with. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Whether the client wants to send another request on this connection. */
  public boolean keepAlive() {
    List<String> options = headers.tokens("Connection");
    return minor == 0 ? options.contains("keep-alive") : !options.contains("close");
  }

  public boolean expectsContinue() {
    String expect = headers.first("Expect");
    return minor == 1 && expect != null && expect.equalsIgnoreCase("100-continue");
  }

  /**
   * The protocol this GET without a body asks to switch to, or null. {@code h2c} is not offered: it
   * would carry requests past the routes.
   */
  public @Nullable String upgrade() {
    String protocol = headers.first("Upgrade");
    boolean asked =
        protocol != null
            && minor == 1
            && method.equals("GET")
            && !framing.hasBody()
            && headers.hasToken("Connection", "upgrade");
    return asked && protocol != null && !headers.hasToken("Upgrade", "h2c") ? protocol : null;
  }

  /** Whether sending it twice means the same as once (RFC 9110, section 9.2.2). */
  public boolean idempotent() {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
      default -> false;
    };
  }
}
