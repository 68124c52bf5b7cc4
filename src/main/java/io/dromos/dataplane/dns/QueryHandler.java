package io.dromos.dataplane.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What both transports do with a message: answer it, forward it, or leave it unanswered. */
final class QueryHandler {
  private final Supplier<Zones> zones;
  private final Forwarder forwarder;
  private final DnsStats stats;

  QueryHandler(Supplier<Zones> zones, Forwarder forwarder, DnsStats stats) {
    this.zones = zones;
    this.forwarder = forwarder;
    this.stats = stats;
  }

  /**
   * Handles one message on the channel's loop.
   *
   * @param reply gets each reply, now or later, on the same loop; owns the buffer
   */
  void handle(Channel channel, ByteBuf message, boolean tcp, Consumer<ByteBuf> reply) {
    DnsQuery query = DnsQuery.read(message);
    if (query == null) {
      stats.dropped.increment();
      return;
    }
    ByteBuf out = channel.alloc().buffer(Dns.UDP_PLAIN);
    boolean answered;
    try {
      answered = new Answerer(zones.get()).answer(query, limit(query, tcp), out);
    } catch (RuntimeException e) {
      out.clear();
      Answerer.fail(query, Dns.SERVER_FAILURE, out);
      answered = true;
    }
    if (answered) {
      stats.answered.increment();
      reply.accept(out);
      return;
    }
    out.release();
    boolean sent =
        forwarder.forward(
            ByteBufUtil.getBytes(message),
            tcp,
            channel.eventLoop(),
            answer -> reply.accept(upstreamReply(channel, query, answer)));
    (sent ? stats.forwarded : stats.dropped).increment();
  }

  private static int limit(DnsQuery query, boolean tcp) {
    if (tcp) {
      return Dns.TCP_LIMIT;
    }
    DnsQuery.Edns edns = query.edns();
    return edns == null
        ? Dns.UDP_PLAIN
        : Math.max(Dns.UDP_PLAIN, Math.min(edns.udpSize(), Dns.UDP_LIMIT));
  }

  private ByteBuf upstreamReply(Channel channel, DnsQuery query, byte @Nullable [] answer) {
    if (answer != null) {
      return channel.alloc().buffer(answer.length).writeBytes(answer);
    }
    stats.forwardFailures.increment();
    ByteBuf out = channel.alloc().buffer(Dns.UDP_PLAIN);
    Answerer.fail(query, Dns.SERVER_FAILURE, out);
    return out;
  }
}
