package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.tls.ServedCredential;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a new connection passes before anybody reads a request of it: the PROXY header of a port
 * that wants one, then TLS, then the choice between HTTP/2 and HTTP/1.1.
 */
final class EdgeDoor {
  /** Finds the credential for the name a client asks for, which may be null. */
  interface Credentials extends Function<@Nullable String, @Nullable ServedCredential> {}

  /** Who decides about the requests of a connection, given how it came. */
  interface Router extends Function<Arrival, Admission.Router> {}

  private final ProxyCore core;

  EdgeDoor(ProxyCore core) {
    this.core = core;
  }

  /** Plain HTTP, or HTTP/2 with prior knowledge. */
  void http(SocketChannel channel, boolean proxied, Meter listener, Router router) {
    behindProxy(channel, proxied, () -> requests(channel, null, listener, router));
  }

  /** HTTP under TLS, of the version that ALPN chooses. */
  void https(
      SocketChannel channel,
      boolean proxied,
      Meter listener,
      Credentials credentials,
      Router router) {
    behindProxy(
        channel,
        proxied,
        () ->
            TlsDoor.install(
                channel,
                name -> found(credentials.apply(name)).web(),
                limitMillis(),
                protocol -> requests(channel, protocol, listener, router)));
  }

  /** Bytes, relayed as they are; under TLS where there are credentials. */
  void tcp(
      SocketChannel channel,
      boolean proxied,
      @Nullable Credentials credentials,
      Consumer<Channel> relay) {
    if (credentials == null) {
      behindProxy(
          channel,
          proxied,
          () -> {
            if (proxied) {
              channel.pipeline().addLast(new HeldBytes());
            }
            relay.accept(channel);
          });
      return;
    }
    behindProxy(
        channel,
        proxied,
        () ->
            TlsDoor.install(
                channel,
                name -> found(credentials.apply(name)).raw(),
                limitMillis(),
                protocol -> {
                  channel.pipeline().addLast(new HeldBytes());
                  relay.accept(channel);
                }));
  }

  private void behindProxy(Channel channel, boolean proxied, Runnable inside) {
    if (proxied) {
      channel
          .pipeline()
          .addLast(
              new ProxyHeaderReader(
                  new Deadline(channel.eventLoop()),
                  core.limits().requestHead().toNanos(),
                  inside));
    } else {
      inside.run();
    }
  }

  private void requests(Channel channel, @Nullable String protocol, Meter listener, Router router) {
    Admission.Router decide = router.apply(Arrival.of(channel));
    if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
      EdgeStreams.install(core, channel, listener, decide);
    } else {
      channel.pipeline().addLast(new EdgeConnection(core, channel, listener, decide));
    }
  }

  private long limitMillis() {
    return core.limits().requestHead().toMillis();
  }

  private static ServedCredential found(@Nullable ServedCredential credential) {
    if (credential == null) {
      throw new IllegalStateException("no certificate can be presented");
    }
    return credential;
  }
}
