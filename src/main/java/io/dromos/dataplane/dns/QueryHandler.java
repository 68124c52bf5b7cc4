package io.dromos.dataplane.dns;

import io.dromos.dataplane.Transport;
import io.dromos.dataplane.dns.DnsStats.Outcome;
import io.dromos.routing.ServedVips;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What both transports do with a message: answer it, forward it, or leave it unanswered. Confined
 * to the one loop of the name server.
 */
final class QueryHandler {
  private static final Logger LOG = System.getLogger(QueryHandler.class.getName());

  private final Supplier<Zones> zones;
  private final DnsConfig config;
  private final Forwarder forwarder;
  private final DnsStats stats;
  private final AnswerMemo memo;
  private final byte[] scratch = new byte[AnswerMemo.LONGEST_REPLY];

  QueryHandler(
      Supplier<Zones> zones,
      ServedVips served,
      DnsConfig config,
      Transport transport,
      DnsStats stats) {
    this.zones = zones;
    this.config = config;
    this.forwarder = new Forwarder(transport, config.attemptMillis(), config.overallMillis());
    this.stats = stats;
    this.memo = new AnswerMemo(served);
  }

  /**
   * Makes the reply to a question that was answered before, see {@link #copyTo}.
   *
   * @param message left alone
   * @return its length; 0 when {@link #handle} must see the message
   */
  int repeat(ByteBuf message, boolean tcp, InetAddress client) {
    int length = message.readableBytes();
    if (length > AnswerMemo.LONGEST_QUERY) {
      return 0;
    }
    message.getBytes(message.readerIndex(), scratch, 0, length);
    memo.follow(zones.get());
    int reply = memo.reply(scratch, length, tcp, client);
    if (reply > 0) {
      boolean some = (scratch[6] | scratch[7]) != 0;
      stats.count(some ? Outcome.ANSWERED : Outcome.NO_DATA);
    }
    return reply;
  }

  /** Appends the reply that {@link #repeat} has just made. */
  void copyTo(ByteBuf out, int length) {
    out.writeBytes(scratch, 0, length);
  }

  /**
   * Handles one message with all care.
   *
   * @param message left alone
   * @param reply gets the reply, now or later, on the same loop, and owns the buffer; null instead
   *     of it when there will be none
   */
  void handle(
      Channel channel,
      ByteBuf message,
      boolean tcp,
      InetAddress client,
      Consumer<@Nullable ByteBuf> reply) {
    DnsQuery query = DnsQuery.read(message);
    if (query == null) {
      stats.count(Outcome.DROPPED);
      reply.accept(null);
      return;
    }
    ByteBuf out = channel.alloc().buffer(Dns.UDP_PLAIN);
    boolean answered;
    try {
      Zones now = zones.get();
      answered = new Answerer(now, config.suffixes()).answer(query, client, limit(query, tcp), out);
      if (answered) {
        learn(now, query, message, out);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the name server failed at a question: a bug", e);
      out.clear();
      Answerer.fail(query, Dns.SERVER_FAILURE, out);
      answered = true;
    }
    if (answered) {
      count(query, out);
      reply.accept(out);
      return;
    }
    if (!config.forwardFor().test(client)) {
      Answerer.fail(query, Dns.REFUSED, out);
      stats.count(Outcome.REFUSED);
      reply.accept(out);
      return;
    }
    out.release();
    forward(channel, query, ByteBufUtil.getBytes(message), tcp, reply);
  }

  private void learn(Zones now, DnsQuery query, ByteBuf message, ByteBuf out) {
    int length = message.readableBytes();
    if (length <= AnswerMemo.LONGEST_QUERY) {
      message.getBytes(message.readerIndex(), scratch, 0, length);
      memo.follow(now);
      Optional<Suffixes.Place> place = config.suffixes().place(query.name());
      String vip = place.map(Suffixes.Place::canonical).filter(now::isVip).orElse(null);
      memo.learn(scratch, length, out, vip);
    }
  }

  private void count(DnsQuery query, ByteBuf reply) {
    DnsQuery.Edns edns = query.edns();
    if (edns != null && edns.version() != 0) {
      stats.count(Outcome.FAULTY);
      return;
    }
    int start = reply.readerIndex();
    boolean some = reply.getUnsignedShort(start + 6) > 0;
    stats.count(
        switch (reply.getUnsignedByte(start + 3) & 0xF) {
          case Dns.NO_ERROR -> some ? Outcome.ANSWERED : Outcome.NO_DATA;
          case Dns.NO_SUCH_NAME -> Outcome.NO_SUCH_NAME;
          case Dns.REFUSED -> Outcome.REFUSED;
          case Dns.SERVER_FAILURE -> Outcome.FAILED;
          default -> Outcome.FAULTY;
        });
  }

  private void forward(
      Channel channel,
      DnsQuery query,
      byte[] message,
      boolean tcp,
      Consumer<@Nullable ByteBuf> reply) {
    boolean sent =
        forwarder.forward(
            message,
            config.upstreams().of(query.name()),
            tcp,
            channel.eventLoop(),
            answer -> reply.accept(upstreamReply(channel.alloc(), query, tcp, answer)));
    if (sent) {
      stats.count(Outcome.FORWARDED);
    } else {
      stats.count(Outcome.DROPPED);
      reply.accept(null);
    }
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

  /** The upstream's reply as it is, unless it is larger than the client said that it can take. */
  private ByteBuf upstreamReply(
      ByteBufAllocator alloc, DnsQuery query, boolean tcp, byte @Nullable [] answer) {
    if (answer == null) {
      stats.count(Outcome.FORWARD_FAILED);
      ByteBuf out = alloc.buffer(Dns.UDP_PLAIN);
      Answerer.fail(query, Dns.SERVER_FAILURE, out);
      return out;
    }
    DnsQuery.Edns edns = query.edns();
    int most = edns == null ? Dns.UDP_PLAIN : Math.max(Dns.UDP_PLAIN, edns.udpSize());
    if (!tcp && answer.length > most) {
      ByteBuf out = alloc.buffer(Dns.UDP_PLAIN);
      int flags = Dns.TRUNCATED | (answer[3] & Dns.RECURSION_AVAILABLE);
      new DnsWriter(out, query, Dns.UDP_PLAIN).finish(flags, answer[3] & 0xF);
      return out;
    }
    return alloc.buffer(answer.length).writeBytes(answer);
  }
}
