package io.dromos.dataplane.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads of HTTP/2 as the heads the decisions know, and back (RFC 9113, section 8). As strict as
 * {@link HeadParser}: what comes out may be written as HTTP/1.1, so nothing may be read there in
 * two ways.
 */
final class Http2Heads {
  private static final AsciiString HTTP = AsciiString.cached("http");

  private Http2Heads() {}

  /**
   * A request of a client.
   *
   * @param last no body follows
   */
  static RequestHead request(Http2Headers from, boolean last) throws MalformedMessageException {
    String method = text(from.method());
    String path = text(from.path());
    if (method == null || path == null || from.scheme() == null) {
      throw MalformedMessageException.badRequest("a pseudo-header of the request is missing");
    }
    HeadParser.checkToken(method, "the method holds a character no method has");
    if (!path.startsWith("/") && !path.equals("*")) {
      throw MalformedMessageException.badRequest("the path does not begin with a slash");
    }
    String authority = text(from.authority());
    Headers headers = new Headers();
    if (authority != null) {
      headers.add("Host", authority);
    }
    StringBuilder cookies = new StringBuilder();
    for (Map.Entry<CharSequence, CharSequence> line : from) {
      String name = line.getKey().toString();
      if (name.startsWith(":")) {
        continue;
      }
      String value = value(line.getValue());
      if (name.equals("cookie")) {
        // Sent in pieces, which only HTTP/2 knows how to join (RFC 9113, section 8.2.3).
        cookies.append(cookies.length() == 0 ? "" : "; ").append(value);
      } else if (name.equals("host") && authority != null) {
        if (!value.equalsIgnoreCase(authority)) {
          throw MalformedMessageException.badRequest("Host differs from the authority");
        }
      } else {
        headers.add(name(name), value);
      }
      if (headers.size() > HeadParser.MAX_LINES) {
        throw new MalformedMessageException(
            431, "more than " + HeadParser.MAX_LINES + " header lines");
      }
    }
    if (cookies.length() > 0) {
      headers.add("cookie", cookies.toString());
    }
    RequestHead head = RequestHead.of(method, path, 1, headers);
    boolean counted = headers.has("Content-Length");
    if (last && head.framing().hasBody()) {
      throw MalformedMessageException.badRequest("a Content-Length without a body");
    }
    return last || counted ? head : head.framed(Framing.CHUNKED);
  }

  /** The answer of a backend, or an interim one. */
  static ResponseHead response(Http2Headers from, String method, boolean last)
      throws MalformedMessageException {
    String text = text(from.status());
    int status = text != null && text.matches("[1-9][0-9][0-9]") ? Integer.parseInt(text) : 0;
    if (status < 100 || status == 101) {
      throw MalformedMessageException.badRequest("the answer has no status");
    }
    Headers headers = headers(from);
    Framing framing = Framing.ofResponse(method, status, headers);
    if (framing.is(Framing.Kind.UNTIL_CLOSE) || (last && framing.hasBody())) {
      framing = Framing.CHUNKED;
    }
    return new ResponseHead(status, Reasons.of(status), 1, headers, framing);
  }

  /** Ordinary lines alone: trailers, and all that follows the pseudo-headers. */
  static Headers headers(Http2Headers from) throws MalformedMessageException {
    Headers headers = new Headers();
    for (Map.Entry<CharSequence, CharSequence> line : from) {
      String name = line.getKey().toString();
      if (!name.startsWith(":")) {
        headers.add(name(name), value(line.getValue()));
      }
    }
    if (headers.size() > HeadParser.MAX_LINES) {
      throw new MalformedMessageException(
          431, "more than " + HeadParser.MAX_LINES + " header lines");
    }
    return headers;
  }

  /** What a client gets; {@code headers} went through {@link HeaderRewrite}. */
  static Http2Headers toClient(int status, Headers headers) {
    return add(new DefaultHttp2Headers(false).status(Integer.toString(status)), headers);
  }

  /** What a backend gets; {@code headers} went through {@link HeaderRewrite}. */
  static Http2Headers toBackend(RequestHead head, Headers headers) {
    Http2Headers out = new DefaultHttp2Headers(false).method(head.method()).scheme(HTTP);
    out.path(head.target());
    if (!head.authority().isEmpty()) {
      out.authority(head.authority());
    }
    return add(out, headers);
  }

  static Http2Headers trailers(Headers trailers) {
    return add(new DefaultHttp2Headers(false), trailers);
  }

  private static Http2Headers add(Http2Headers out, Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i).toLowerCase(Locale.ROOT);
      boolean hopByHop =
          name.equals("connection") || name.equals("transfer-encoding") || name.equals("host");
      if (!hopByHop) {
        out.add(name, headers.value(i));
      }
    }
    return out;
  }

  private static String name(String name) throws MalformedMessageException {
    HeadParser.checkToken(name, "a header name holds a character no name has");
    switch (name) {
      case "connection", "transfer-encoding", "upgrade", "keep-alive", "proxy-connection" ->
          throw MalformedMessageException.badRequest("HTTP/2 knows no " + name);
      default -> {
        return name;
      }
    }
  }

  private static String value(CharSequence value) throws MalformedMessageException {
    String text = value.toString().strip();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw MalformedMessageException.badRequest("a control character in the head");
      }
    }
    return text;
  }

  private static @Nullable String text(@Nullable CharSequence value)
      throws MalformedMessageException {
    return value == null ? null : value(value);
  }
}
