package io.dromos.dataplane.http;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which header lines cross the proxy (marathon-lb reference, section 10; RFC 9110, section 7.6.1).
 * Host passes as received. {@code X-Forwarded-For} is added as one more line, {@code
 * X-Forwarded-Port} is overwritten, {@code X-Forwarded-Proto} is added on TLS alone; Via, Forwarded
 * and X-Forwarded-Host are never added.
 */
public final class HeaderRewrite {
  /**
   * Where a request came from.
   *
   * @param peer address of the client's end of the connection
   * @param port it was accepted on
   */
  public record Origin(String peer, int port, boolean secure) {
    /** Of a connection of the edge. */
    static Origin of(Channel channel) {
      Origin plain = of(Arrival.peer(channel), Arrival.local(channel));
      return Arrival.of(channel).secure() ? new Origin(plain.peer(), plain.port(), true) : plain;
    }

    /** Of a plain connection. A peer that left already has no address any more. */
    static Origin of(@Nullable SocketAddress peer, @Nullable SocketAddress local) {
      String address =
          peer instanceof InetSocketAddress known ? known.getAddress().getHostAddress() : "unknown";
      int zone = address.indexOf('%');
      return new Origin(
          zone < 0 ? address : address.substring(0, zone),
          local instanceof InetSocketAddress own ? own.getPort() : 0,
          false);
    }
  }

  /** What a Connection header may not talk us into dropping. */
  private static final Set<String> NEVER_DROPPED =
      Set.of("host", "content-length", "content-type", "authorization", "cookie", "expect");

  private static final Set<String> FORBIDDEN_TRAILERS =
      Set.of(
          "content-length",
          "content-encoding",
          "content-type",
          "host",
          "authorization",
          "set-cookie",
          "cookie",
          "trailer",
          "expect",
          "location",
          "www-authenticate");

  private HeaderRewrite() {}

  /** What the backend gets. A body keeps its framing; {@code Expect} passes if asked to. */
  public static Headers toBackend(RequestHead head, Origin origin, boolean passExpect) {
    Headers in = head.headers();
    Headers out = new Headers();
    List<String> named = in.has("Connection") ? in.tokens("Connection") : List.of();
    String upgrade = head.upgrade();
    if (!head.authority().isEmpty()) {
      out.add("Host", head.authority());
    }
    for (int i = 0; i < in.size(); i++) {
      boolean replaced =
          in.is(i, "Host")
              || in.is(i, "Content-Length")
              || in.is(i, "X-Forwarded-Port")
              || (in.is(i, "Expect") && !(passExpect && head.expectsContinue()));
      if (!replaced && crosses(in, i, named)) {
        out.add(in, i);
      }
    }
    if (in.hasToken("TE", "trailers")) {
      out.add("TE", "trailers");
    }
    if (upgrade != null) {
      out.add("Connection", "Upgrade").add("Upgrade", upgrade);
    }
    switch (head.framing().kind()) {
      case CHUNKED -> out.add("Transfer-Encoding", "chunked");
      case LENGTH -> out.add("Content-Length", Long.toString(head.framing().length()));
      default -> {
        if (in.has("Content-Length")) {
          out.add("Content-Length", "0");
        }
      }
    }
    out.add("X-Forwarded-For", origin.peer());
    out.add("X-Forwarded-Port", Integer.toString(origin.port()));
    if (origin.secure()) {
      out.add("X-Forwarded-Proto", "https");
    }
    return out;
  }

  /**
   * What the client gets, without anything about framing or connection: the front adds its own.
   * {@code Content-Length} stays where there is no body to frame (HEAD, 304).
   */
  public static Headers toClient(ResponseHead head) {
    Headers in = head.headers();
    Headers out = new Headers();
    List<String> named = in.has("Connection") ? in.tokens("Connection") : List.of();
    boolean lengthSeen = false;
    for (int i = 0; i < in.size(); i++) {
      if (in.is(i, "Content-Length")) {
        if (lengthSeen || head.status() < 200 || head.status() == 204) {
          continue;
        }
        lengthSeen = true;
        String value = in.value(i);
        int comma = value.indexOf(',');
        out.add(in.name(i), comma < 0 ? value : value.substring(0, comma).strip());
      } else if (crosses(in, i, named)) {
        out.add(in, i);
      }
    }
    if (head.status() == 101) {
      String protocol = in.first("Upgrade");
      out.add("Connection", "Upgrade").add("Upgrade", protocol == null ? "" : protocol);
    }
    return out;
  }

  /** Trailers without those that would change a message after it was judged. */
  public static Headers trailers(@Nullable Headers in) {
    Headers out = new Headers();
    if (in != null) {
      for (int i = 0; i < in.size(); i++) {
        if (!isHopByHop(in, i)
            && !FORBIDDEN_TRAILERS.contains(in.name(i).toLowerCase(Locale.ROOT))) {
          out.add(in, i);
        }
      }
    }
    return out;
  }

  private static boolean crosses(Headers in, int line, List<String> named) {
    if (isHopByHop(in, line)) {
      return false;
    }
    if (named.isEmpty()) {
      return true;
    }
    String lower = in.name(line).toLowerCase(Locale.ROOT);
    return !named.contains(lower) || NEVER_DROPPED.contains(lower);
  }

  /** Sorted by length, since most lines are told from these by that alone. */
  private static boolean isHopByHop(Headers in, int line) {
    return switch (in.nameLength(line)) {
      case 2 -> in.is(line, "TE");
      case 7 -> in.is(line, "Upgrade");
      case 10 -> in.is(line, "Connection") || in.is(line, "Keep-Alive");
      case 16 -> in.is(line, "Proxy-Connection");
      case 17 -> in.is(line, "Transfer-Encoding");
      case 19 -> in.is(line, "Proxy-Authorization");
      default -> false;
    };
  }
}
