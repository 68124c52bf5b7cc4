package io.dromos.dataplane.http;

import java.nio.charset.StandardCharsets;

/**
 * Reads heads from bytes. For requests it is strict: bare LF or CR, folded lines, blanks before the
 * colon or around the request line's parts, and characters outside the grammar are refused, since
 * what one parser repairs another may read as a second request (RFC 9112, sections 2.2, 5.1, 5.2).
 * Responses may end lines with a bare LF, as shell one-liners do: they are written anew anyway.
 */
public final class HeadParser {
  /** Largest head, in bytes. */
  public static final int MAX_HEAD = 32 * 1024;

  /** Most header lines in a head. */
  public static final int MAX_LINES = 128;

  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private final byte[] bytes;
  private final int end;
  private final boolean bareLineFeeds;
  private int position;

  private HeadParser(byte[] bytes, int length, boolean bareLineFeeds) {
    this.bytes = bytes;
    this.end = length;
    this.bareLineFeeds = bareLineFeeds;
  }

  /** {@code bytes[0, length)} is one head, its empty line included. */
  public static RequestHead request(byte[] bytes, int length) throws MalformedMessageException {
    HeadParser parser = new HeadParser(bytes, length, false);
    String line = parser.line();
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first <= 0 || last == first || line.indexOf(' ', first + 1) != last) {
      throw MalformedMessageException.badRequest("the request line has not three parts");
    }
    String method = line.substring(0, first);
    checkToken(method, "the method holds a character no method has");
    int minor = version(line.substring(last + 1));
    Headers headers = parser.headers();
    return RequestHead.of(method, line.substring(first + 1, last), minor, headers);
  }

  /** As {@link #request}, for the response to {@code method}. */
  public static ResponseHead response(byte[] bytes, int length, String method)
      throws MalformedMessageException {
    HeadParser parser = new HeadParser(bytes, length, true);
    String line = parser.line();
    boolean shaped =
        line.length() >= 12
            && line.startsWith("HTTP/1.")
            && line.charAt(8) == ' '
            && (line.length() == 12 || line.charAt(12) == ' ');
    if (!shaped) {
      throw MalformedMessageException.badRequest("the status line is not HTTP/1.x");
    }
    int minor = version(line.substring(0, 8));
    int status = 0;
    for (int i = 9; i < 12; i++) {
      char c = line.charAt(i);
      if (c < '0' || c > '9') {
        throw MalformedMessageException.badRequest("the status is not a number");
      }
      status = status * 10 + (c - '0');
    }
    if (status < 100) {
      throw MalformedMessageException.badRequest("the status is below 100");
    }
    Headers headers = parser.headers();
    return new ResponseHead(
        status,
        line.length() > 13 ? line.substring(13) : "",
        minor,
        headers,
        Framing.ofResponse(method, status, headers));
  }

  /** Trailer lines, the empty line included. */
  static Headers trailers(byte[] bytes, int length) throws MalformedMessageException {
    return new HeadParser(bytes, length, false).headers();
  }

  private static int version(String text) throws MalformedMessageException {
    if (text.equals("HTTP/1.1")) {
      return 1;
    }
    if (text.equals("HTTP/1.0")) {
      return 0;
    }
    throw text.startsWith("HTTP/") && text.length() == 8
        ? new MalformedMessageException(505, "only HTTP/1.0 and HTTP/1.1 are served here")
        : MalformedMessageException.badRequest("the request line names no HTTP version");
  }

  private Headers headers() throws MalformedMessageException {
    Headers headers = new Headers(bytes);
    while (position < end) {
      int start = position;
      int stop = lineEnd();
      if (stop == start) {
        break;
      }
      if (headers.size() == MAX_LINES) {
        throw new MalformedMessageException(431, "more than " + MAX_LINES + " header lines");
      }
      if (blank(bytes[start])) {
        throw MalformedMessageException.badRequest("a folded header line");
      }
      int colon = start;
      while (colon < stop && bytes[colon] != ':') {
        byte b = bytes[colon];
        if (b < 0 || !TOKEN[b]) {
          throw MalformedMessageException.badRequest(
              hasColon(colon, stop)
                  ? "a header name holds a blank or a character no name has"
                  : "a header line without a name");
        }
        colon++;
      }
      if (colon == start || colon == stop) {
        throw MalformedMessageException.badRequest("a header line without a name");
      }
      int value = colon + 1;
      int valueEnd = stop;
      while (value < valueEnd && blank(bytes[value])) {
        value++;
      }
      while (valueEnd > value && blank(bytes[valueEnd - 1])) {
        valueEnd--;
      }
      headers.add(start, colon, value, valueEnd);
    }
    return headers;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  private boolean hasColon(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == ':') {
        return true;
      }
    }
    return false;
  }

  /** Next line without its end, as text. */
  private String line() throws MalformedMessageException {
    int start = position;
    int stop = lineEnd();
    return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  /** Where the next line ends, its end not included; control characters in it are refused. */
  private int lineEnd() throws MalformedMessageException {
    int start = position;
    int i = start;
    int control = -1;
    while (i < end && bytes[i] != '\n') {
      byte b = bytes[i];
      if (control < 0 && ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f)) {
        control = i;
      }
      i++;
    }
    if (i == end) {
      throw MalformedMessageException.badRequest("a line without an end");
    }
    position = i + 1;
    boolean carriageReturn = i > start && bytes[i - 1] == '\r';
    if (!carriageReturn && !bareLineFeeds) {
      throw MalformedMessageException.badRequest("a line that ends with LF alone");
    }
    int stop = carriageReturn ? i - 1 : i;
    if (control >= 0 && control < stop) {
      throw MalformedMessageException.badRequest("a control character in the head");
    }
    return stop;
  }

  static void checkToken(String text, String complaint) throws MalformedMessageException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= TOKEN.length || !TOKEN[c]) {
        throw MalformedMessageException.badRequest(complaint);
      }
    }
  }
}
