package io.dromos.dataplane.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Queries of one connection, which may be pipelined; replies go out as they are ready. A client
 * that does not read its replies is not read from, and one whose questions come too slowly, or that
 * sends what is no query, is cut off.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class TcpQueries extends ChannelInboundHandlerAdapter {
  /** No query is larger; only transfers, which are refused, come near. */
  static final int LONGEST_QUERY = 4_096;

  /** Questions of one client that may wait for upstream servers at a time. */
  static final int MOST_WAITING = 64;

  /** Bytes of replies that are gathered before the client must have taken some. */
  private static final int MOST_UNSENT = 65_536;

  private static final int PREFIX = 2;
  private static final int SHORTEST_QUERY = 12;

  private final QueryHandler queries;
  private final TcpClients clients;
  private @Nullable ByteBuf pending;
  private int waiting;
  private boolean reading;
  private boolean working;
  private boolean stalled;

  TcpQueries(QueryHandler queries, TcpClients clients) {
    this.queries = queries;
    this.clients = clients;
  }

  boolean isWaiting() {
    return waiting > 0;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    clients.opened(ctx.channel(), this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    ByteBuf input = (ByteBuf) message;
    ByteBuf before = pending;
    if (before == null) {
      pending = input;
    } else {
      before.writeBytes(input);
      input.release();
    }
    answerPending(ctx);
  }

  /** Answers as many whole queries as the client has room for; the rest stays. */
  private void answerPending(ChannelHandlerContext ctx) {
    ByteBuf input = pending;
    if (input == null || working) {
      return;
    }
    pending = null;
    working = true;
    ByteBuf out = ctx.alloc().buffer();
    try {
      while (takesMore(ctx, out) && input.readableBytes() >= PREFIX) {
        int length = input.getUnsignedShort(input.readerIndex());
        if (length < SHORTEST_QUERY || length > LONGEST_QUERY) {
          input.skipBytes(input.readableBytes());
          ctx.close();
        } else if (input.readableBytes() < PREFIX + length) {
          break;
        } else {
          answer(ctx, input.skipBytes(PREFIX).readSlice(length), out);
        }
      }
      stalled = !takesMore(ctx, out);
      keep(ctx, input);
    } finally {
      working = false;
      input.release();
      write(ctx, out);
    }
    if (!reading) {
      ctx.flush();
    }
    pause(ctx);
  }

  private boolean takesMore(ChannelHandlerContext ctx, ByteBuf out) {
    return ctx.channel().isActive()
        && ctx.channel().isWritable()
        && out.readableBytes() < MOST_UNSENT
        && waiting < MOST_WAITING;
  }

  private void answer(ChannelHandlerContext ctx, ByteBuf query, ByteBuf out) {
    InetAddress client = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
    clients.heard(ctx.channel());
    int length = queries.repeat(query, true, client);
    if (length > 0) {
      out.writeShort(length);
      queries.copyTo(out, length);
    } else {
      waiting++;
      queries.handle(ctx.channel(), query, true, client, reply -> answered(ctx, reply));
    }
  }

  private static void write(ChannelHandlerContext ctx, ByteBuf out) {
    if (out.isReadable()) {
      ctx.write(out, ctx.voidPromise());
    } else {
      out.release();
    }
  }

  private void answered(ChannelHandlerContext ctx, @Nullable ByteBuf reply) {
    waiting--;
    if (reply != null) {
      ctx.write(ctx.alloc().buffer(PREFIX).writeShort(reply.readableBytes()), ctx.voidPromise());
      ctx.write(reply, ctx.voidPromise());
    }
    if (!reading && !working) {
      ctx.flush();
      answerPending(ctx);
      pause(ctx);
    }
  }

  /** Keeps what was not answered, in no more memory than it needs. */
  private void keep(ChannelHandlerContext ctx, ByteBuf input) {
    if (input.isReadable() && ctx.channel().isActive()) {
      pending = ctx.alloc().buffer(input.readableBytes()).writeBytes(input);
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    if (stalled && ctx.channel().isWritable()) {
      ctx.channel().eventLoop().execute(() -> answerPending(ctx));
    }
    pause(ctx);
  }

  private void pause(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(ctx.channel().isWritable() && waiting < MOST_WAITING);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
    resume(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    resume(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    clients.closed(ctx.channel());
    ByteBuf rest = pending;
    pending = null;
    if (rest != null) {
      rest.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
