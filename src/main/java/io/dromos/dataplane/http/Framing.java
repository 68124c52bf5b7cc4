package io.dromos.dataplane.http;

import java.util.HashSet;
import java.util.Set;

/**
 * How the end of a body is found (RFC 9112, section 6).
 *
 * @param length bytes, of {@link Kind#LENGTH} alone
 */
public record Framing(Kind kind, long length) {
  /** The four ways. */
  public enum Kind {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  public static final Framing NONE = new Framing(Kind.NONE, 0);
  public static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);
  public static final Framing UNTIL_CLOSE = new Framing(Kind.UNTIL_CLOSE, 0);

  public static Framing length(long bytes) {
    return bytes == 0 ? NONE : new Framing(Kind.LENGTH, bytes);
  }

  public boolean hasBody() {
    return kind != Kind.NONE;
  }

  public boolean is(Kind other) {
    return kind == other;
  }

  /**
   * Of a request. Strict: both a length and a transfer coding, two lengths (equal ones too), or a
   * coding other than exactly one {@code chunked} are refused, because the next parser might choose
   * differently.
   */
  static Framing ofRequest(int minor, Headers headers) throws MalformedMessageException {
    int lengths = headers.count("Content-Length");
    int codings = headers.count("Transfer-Encoding");
    if (lengths > 0 && codings > 0) {
      throw MalformedMessageException.badRequest("both Content-Length and Transfer-Encoding");
    }
    if (codings > 0) {
      if (minor == 0) {
        throw MalformedMessageException.badRequest("Transfer-Encoding in an HTTP/1.0 request");
      }
      String coding = headers.first("Transfer-Encoding");
      if (codings > 1 || coding == null || !coding.equalsIgnoreCase("chunked")) {
        throw new MalformedMessageException(
            codings > 1 ? 400 : 501, "the only transfer coding served is one chunked");
      }
      return CHUNKED;
    }
    if (lengths > 1) {
      throw MalformedMessageException.badRequest("more than one Content-Length");
    }
    String length = headers.first("Content-Length");
    return length == null ? NONE : length(parseLength(length));
  }

  /**
   * Of a response to {@code method}. Equal repeated lengths count once: some backends send them,
   * and what leaves here is written anew.
   */
  static Framing ofResponse(String method, int status, Headers headers)
      throws MalformedMessageException {
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return NONE;
    }
    boolean coded = headers.has("Transfer-Encoding");
    if (coded && headers.has("Content-Length")) {
      throw MalformedMessageException.badRequest("both Content-Length and Transfer-Encoding");
    }
    if (coded) {
      String coding = headers.first("Transfer-Encoding");
      if (headers.count("Transfer-Encoding") > 1
          || coding == null
          || !coding.equalsIgnoreCase("chunked")) {
        throw MalformedMessageException.badRequest("a transfer coding other than chunked");
      }
      return CHUNKED;
    }
    if (headers.count("Content-Length") == 1) {
      String length = headers.first("Content-Length");
      if (length != null && !length.isEmpty() && length.indexOf(',') < 0) {
        return length(parseLength(length));
      }
    }
    Set<String> lengths = new HashSet<>(headers.tokens("Content-Length"));
    if (lengths.isEmpty()) {
      return UNTIL_CLOSE;
    }
    if (lengths.size() > 1) {
      throw MalformedMessageException.badRequest("conflicting Content-Length lines");
    }
    return length(parseLength(lengths.iterator().next()));
  }

  private static long parseLength(String text) throws MalformedMessageException {
    if (text.isEmpty() || text.length() > 18) {
      throw MalformedMessageException.badRequest("Content-Length is not a number");
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw MalformedMessageException.badRequest("Content-Length is not a number");
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
