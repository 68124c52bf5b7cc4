package io.dromos.dataplane.http;

import java.util.Locale;

/**
 * The name a client asked for, in the form routes use: lower case, without final dot or brackets.
 *
 * @param port as sent, or -1
 */
public record HostPort(String host, int port) {
  private static final boolean[] IN_NAMES = new boolean[0x7f];

  static {
    for (char c = ' ' + 1; c < IN_NAMES.length; c++) {
      IN_NAMES[c] = "/\\?#@<>\"{}|^`,".indexOf(c) < 0;
    }
  }

  static final HostPort NONE = new HostPort("", -1);

  /**
   * Reads a Host header or the authority of an absolute target; empty text is {@link #NONE}. User
   * information, blanks and path characters are refused: parsers disagree about them.
   */
  public static HostPort parse(String authority) throws MalformedMessageException {
    if (authority.isEmpty()) {
      return NONE;
    }
    for (int i = 0; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c >= IN_NAMES.length || !IN_NAMES[c]) {
        throw MalformedMessageException.badRequest("Host holds a character no name has");
      }
    }
    String host = authority;
    String port = "";
    int colon = authority.lastIndexOf(':');
    if (authority.startsWith("[")) {
      int bracket = authority.indexOf(']');
      if (bracket < 0 || (bracket + 1 < authority.length() && bracket + 1 != colon)) {
        throw MalformedMessageException.badRequest("Host has an unfinished IPv6 address");
      }
      host = authority.substring(1, bracket);
      port = bracket + 1 < authority.length() ? authority.substring(colon + 1) : "";
    } else if (colon >= 0) {
      host = authority.substring(0, colon);
      port = authority.substring(colon + 1);
      if (host.indexOf(':') >= 0) {
        throw MalformedMessageException.badRequest("Host has more than one colon");
      }
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    return new HostPort(host.toLowerCase(Locale.ROOT), parsePort(port));
  }

  private static int parsePort(String text) throws MalformedMessageException {
    if (text.isEmpty()) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || value > 6553) {
        throw MalformedMessageException.badRequest("Host has a port that is not a number");
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  public int portOr(int otherwise) {
    return port < 0 ? otherwise : port;
  }
}
