package io.dromos.dataplane;

import java.util.Locale;

/**
 * Why a listening socket could not be opened, as a sentence with its fix. The kernel's reason is
 * read from the exception's text, which native epoll and NIO spell alike.
 */
public final class BindFailure {
  private BindFailure() {}

  /** The kind of refusal. */
  public enum Kind {
    NOT_PERMITTED,
    IN_USE,
    NOT_LOCAL,
    OTHER
  }

  public static Kind kind(Throwable failure) {
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("permission denied")) {
      return Kind.NOT_PERMITTED;
    }
    if (text.contains("already in use")) {
      return Kind.IN_USE;
    }
    if (text.contains("cannot assign") || text.contains("can't assign")) {
      return Kind.NOT_LOCAL;
    }
    return Kind.OTHER;
  }

  /** One sentence for reports and logs. */
  public static String sentence(String address, int port, Throwable failure) {
    String where = address + ":" + port;
    return switch (kind(failure)) {
      case NOT_PERMITTED ->
          where
              + " may not be opened by this user; run"
              + " 'sysctl -w net.ipv4.ip_unprivileged_port_start="
              + port
              + "' as root, or choose a port from 1024 up";
      case IN_USE ->
          where
              + " is taken, by a listener on this address or on all addresses; find it with"
              + " 'ss -ltunp sport = :"
              + port
              + "' and stop it or bind it to a concrete address";
      case NOT_LOCAL -> where + " is not an address of this machine";
      case OTHER -> where + " cannot be opened: " + failure.getMessage();
    };
  }
}
