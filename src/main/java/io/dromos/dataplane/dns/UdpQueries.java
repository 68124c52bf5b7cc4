package io.dromos.dataplane.dns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** One datagram, one query. */
@SuppressWarnings("FutureReturnValueIgnored") // A reply that cannot be sent is asked for again.
final class UdpQueries extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = System.getLogger(UdpQueries.class.getName());

  private final QueryHandler queries;

  UdpQueries(QueryHandler queries) {
    this.queries = queries;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
    var client = packet.sender();
    queries.handle(
        ctx.channel(),
        packet.content(),
        false,
        reply -> ctx.writeAndFlush(new DatagramPacket(reply, client)));
  }

  /** Port unreachable of a client that went away must not close the server's socket. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(Level.DEBUG, "name server, UDP", cause);
  }
}
