package io.dromos.dataplane.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Queries of one connection, which may be pipelined; replies go out as they are ready. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class TcpQueries extends SimpleChannelInboundHandler<ByteBuf> {
  private final QueryHandler queries;

  TcpQueries(QueryHandler queries) {
    this.queries = queries;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
    queries.handle(ctx.channel(), message, true, ctx::writeAndFlush);
  }

  /** Idle for too long. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
