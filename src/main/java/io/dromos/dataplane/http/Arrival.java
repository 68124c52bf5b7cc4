package io.dromos.dataplane.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a connection came to the edge, when that is more than its socket tells.
 *
 * @param peer the client as a PROXY header names it; null: the other end of the socket
 * @param local what the client connected to, by the same header; null: this end of the socket
 * @param serverName name the client asked a certificate for, lower case
 */
record Arrival(
    @Nullable InetSocketAddress peer,
    @Nullable InetSocketAddress local,
    boolean secure,
    @Nullable String serverName) {
  private static final AttributeKey<Arrival> KEY = AttributeKey.valueOf(Arrival.class, "of");
  private static final Arrival PLAIN = new Arrival(null, null, false, null);

  /** Of a connection; plain when nobody said otherwise. */
  static Arrival of(Channel channel) {
    if (!channel.hasAttr(KEY)) {
      return PLAIN;
    }
    Arrival known = channel.attr(KEY).get();
    return known == null ? PLAIN : known;
  }

  void remember(Channel channel) {
    channel.attr(KEY).set(this);
  }

  Arrival forwarded(InetSocketAddress from, InetSocketAddress to) {
    return new Arrival(from, to, secure, serverName);
  }

  Arrival secured(@Nullable String name) {
    return new Arrival(peer, local, true, name);
  }

  /** What the client's address is taken to be: the PROXY header's word, else the socket's. */
  static @Nullable SocketAddress peer(Channel channel) {
    InetSocketAddress named = of(channel).peer();
    return named == null ? channel.remoteAddress() : named;
  }

  static @Nullable SocketAddress local(Channel channel) {
    InetSocketAddress named = of(channel).local();
    return named == null ? channel.localAddress() : named;
  }
}
