package io.dromos.dataplane.l4;

import io.dromos.dataplane.LoopBuffer;
import io.dromos.dataplane.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A client connection until it is joined to a backend: takes one, connects, tries up to two others
 * when that fails, and resets the client when none can be reached.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class FrontHandler extends ChannelInboundHandlerAdapter {
  static final int CONNECT_TIMEOUT_MILLIS = 1_000;
  static final int ATTEMPTS = 3;
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

  static final LoopBuffer READS = new LoopBuffer();

  private final Transport transport;
  private final Balancer balancer;
  private final L4Stats stats;
  private final List<Target> tried = new ArrayList<>(1);
  // Reading is off until joined, yet epoll hands over what came before an early end of input.
  private final Queue<ByteBuf> early = new ArrayDeque<>(0);
  private boolean inputEnded;

  FrontHandler(Transport transport, Balancer balancer, L4Stats stats) {
    this.transport = transport;
    this.balancer = balancer;
    this.stats = stats;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    stats.accepted.increment();
    ctx.channel().closeFuture().addListener(closed -> stats.closed.increment());
    connect(ctx);
  }

  private void connect(ChannelHandlerContext ctx) {
    Target target = tried.size() < ATTEMPTS ? balancer.take(tried) : null;
    if (target == null) {
      stats.refused.increment();
      Relay.reset(ctx.channel());
      return;
    }
    tried.add(target);
    ChannelFuture connecting =
        new Bootstrap()
            .group(ctx.channel().eventLoop())
            .channel(transport.socketChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(target.address());
    connecting.addListener(
        done -> {
          Channel back = connecting.channel();
          if (done.isSuccess()) {
            balancer.succeeded(target);
            back.closeFuture().addListener(closed -> balancer.release(target));
            joined(ctx, back);
          } else {
            balancer.failed(target);
            balancer.release(target);
            stats.connectFailures.increment();
            if (ctx.channel().isActive()) {
              connect(ctx);
            }
          }
        });
  }

  private void joined(ChannelHandlerContext ctx, Channel back) {
    Channel front = ctx.channel();
    if (!front.isActive()) {
      back.close();
      return;
    }
    Relay.join(front, back);
    ctx.pipeline().remove(this);
    front.config().setAutoRead(back.isWritable());
    back.config().setAutoRead(true);
  }

  /** Hands over to the relay what came early. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    boolean some = !early.isEmpty();
    for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
      ctx.fireChannelRead(bytes);
    }
    if (some) {
      ctx.fireChannelReadComplete();
    }
    if (inputEnded) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      // The loop's own buffer is not for keeping.
      early.add(ctx.alloc().ioBuffer(bytes.readableBytes()).writeBytes(bytes));
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputEnded = true;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
      bytes.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
