package io.dromos.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.Mapping;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends TLS: lets the handshake happen with the certificate for the name the client asks for, then
 * completes the pipeline for what is inside. Afterwards it only says the end of TLS in the words of
 * a plain socket. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class TlsDoor extends ChannelInboundHandlerAdapter {
  /** Largest greeting of a client; those of today's browsers are under 2 KiB. */
  private static final int MAX_CLIENT_HELLO = 16 * 1024;

  private static final String TAIL = "tls";

  private final Consumer<@Nullable String> inside;
  private @Nullable String serverName;
  private boolean done;

  private TlsDoor(Consumer<@Nullable String> inside) {
    this.inside = inside;
  }

  /**
   * Begins with TLS on that channel.
   *
   * @param contexts by the name a client asks for, which may be null
   * @param limitMillis for the client's greeting, and again for the rest of the handshake
   * @param inside adds the handlers behind TLS; gets the protocol that ALPN chose, or null
   */
  static void install(
      Channel channel,
      Mapping<@Nullable String, SslContext> contexts,
      long limitMillis,
      Consumer<@Nullable String> inside) {
    channel
        .pipeline()
        .addLast(
            new SniHandler(contexts, MAX_CLIENT_HELLO, limitMillis) {
              @Override
              protected SslHandler newSslHandler(
                  SslContext context, io.netty.buffer.ByteBufAllocator allocator) {
                SslHandler handler = super.newSslHandler(context, allocator);
                handler.setHandshakeTimeoutMillis(limitMillis);
                return handler;
              }
            });
    channel.pipeline().addLast(TAIL, new TlsDoor(inside));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SniCompletionEvent sni) {
      serverName = sni.hostname();
    } else if (event instanceof SslHandshakeCompletionEvent handshake) {
      // A second handshake on one connection costs us far more than the client: none is served.
      if (done || !handshake.isSuccess()) {
        ctx.close();
      } else {
        done = true;
        enter(ctx);
      }
    } else if (event instanceof SslCloseCompletionEvent
        || event == ChannelInputShutdownEvent.INSTANCE) {
      if (done) {
        ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      } else {
        ctx.close();
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void enter(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    Arrival.of(channel).secured(serverName).remember(channel);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    inside.accept(tls == null ? null : tls.applicationProtocol());
    ctx.fireChannelActive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (done) {
      ctx.fireExceptionCaught(cause);
    } else {
      ctx.close();
    }
  }
}
