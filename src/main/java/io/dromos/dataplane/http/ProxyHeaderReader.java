package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Waits for the PROXY header that a connection begins with, then lets the rest through and is gone.
 * A connection without one is closed: whoever may say where a client comes from must say it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  private final Deadline deadline;
  private final long limitNanos;
  private final Runnable inside;
  private ByteBuf in = Unpooled.EMPTY_BUFFER;

  /** {@code inside} completes the pipeline. */
  ProxyHeaderReader(Deadline deadline, long limitNanos, Runnable inside) {
    this.deadline = deadline;
    this.limitNanos = limitNanos;
    this.inside = inside;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline.arm(limitNanos, ctx::close);
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), in, (ByteBuf) message);
    ProxyHeader header;
    try {
      header = ProxyHeader.read(in);
    } catch (MalformedMessageException e) {
      ctx.close();
      return;
    }
    if (header == null) {
      return;
    }
    deadline.close();
    if (header.from() != null && header.to() != null) {
      Arrival.of(ctx.channel()).forwarded(header.from(), header.to()).remember(ctx.channel());
    }
    ByteBuf rest = in;
    in = Unpooled.EMPTY_BUFFER;
    inside.run();
    ctx.fireChannelActive();
    if (rest.isReadable()) {
      ctx.fireChannelRead(rest);
    } else {
      rest.release();
    }
    ctx.pipeline().remove(this);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    in.release();
    in = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
