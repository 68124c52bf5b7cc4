package io.dromos.dataplane.dns;

import io.dromos.dataplane.dns.DnsStats.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One datagram, one query. Replies to all datagrams of one wake-up leave together; while the socket
 * takes no more they are dropped, as the network would, and not hoarded.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A reply that cannot be sent is asked for again.
final class UdpQueries extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(UdpQueries.class.getName());

  private final QueryHandler queries;
  private final DnsStats stats;
  private boolean reading;

  UdpQueries(QueryHandler queries, DnsStats stats) {
    this.queries = queries;
    this.stats = stats;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    DatagramPacket packet = (DatagramPacket) message;
    InetSocketAddress client = packet.sender();
    ByteBuf content = packet.content();
    try {
      if (client.getPort() == 0) {
        // Nobody listens there; such a packet is forged.
        stats.count(Outcome.DROPPED);
        return;
      }
      int length = queries.repeat(content, false, client.getAddress());
      if (length > 0) {
        ByteBuf reply = ctx.alloc().directBuffer(length);
        queries.copyTo(reply, length);
        send(ctx, reply, client);
      } else {
        queries.handle(
            ctx.channel(), content, false, client.getAddress(), reply -> send(ctx, reply, client));
      }
    } finally {
      packet.release();
    }
  }

  private void send(ChannelHandlerContext ctx, @Nullable ByteBuf reply, InetSocketAddress client) {
    if (reply == null) {
      return;
    }
    if (!ctx.channel().isWritable()) {
      stats.count(Outcome.DROPPED);
      reply.release();
      return;
    }
    ctx.write(new DatagramPacket(reply, client), ctx.voidPromise());
    if (!reading) {
      ctx.flush();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
  }

  /** Port unreachable of a client that went away must not close the server's socket. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(Level.DEBUG, "name server, UDP", cause);
  }
}
