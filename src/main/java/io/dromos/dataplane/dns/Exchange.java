package io.dromos.dataplane.dns;

import io.dromos.dataplane.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One query to one upstream server, over a socket of its own: a random port and a random id are
 * what a forger would have to guess, and a refused port is noticed at once. Confined to its loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class Exchange {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Transport transport;
  private final EventLoop loop;
  private final InetSocketAddress server;
  private final byte[] query;
  private final boolean tcp;
  private final Consumer<byte @Nullable []> heard;
  private final int id = RANDOM.nextInt(1 << 16);
  private @Nullable Channel channel;
  private @Nullable Future<?> limit;
  private boolean over;

  /**
   * @param heard called once with the reply under the query's own id, or null
   */
  Exchange(
      Transport transport,
      EventLoop loop,
      InetSocketAddress server,
      byte[] query,
      boolean tcp,
      Consumer<byte @Nullable []> heard) {
    this.transport = transport;
    this.loop = loop;
    this.server = server;
    this.query = query;
    this.tcp = tcp;
    this.heard = heard;
  }

  void start(long limitMillis) {
    Bootstrap bootstrap = new Bootstrap().group(loop);
    if (tcp) {
      bootstrap
          .channel(transport.socketChannel())
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(limitMillis));
    } else {
      bootstrap
          .channel(transport.datagramChannel())
          .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(Dns.TCP_LIMIT));
    }
    ChannelFuture connecting =
        bootstrap
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    if (tcp) {
                      fresh
                          .pipeline()
                          .addLast(new LengthFieldBasedFrameDecoder(Dns.TCP_LIMIT, 0, 2, 0, 2));
                    }
                    fresh.pipeline().addLast(tcp ? new TcpReply() : new UdpReply());
                  }
                })
            .connect(server);
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            connecting.channel().writeAndFlush(request());
          } else {
            end(null);
          }
        });
    limit = loop.schedule(() -> end(null), limitMillis, TimeUnit.MILLISECONDS);
  }

  private ByteBuf request() {
    ByteBuf message = Unpooled.buffer(query.length + 2);
    if (tcp) {
      message.writeShort(query.length);
    }
    int start = message.writerIndex();
    return message.writeBytes(query).setShort(start, id);
  }

  void cancel() {
    over = true;
    if (channel != null) {
      channel.close();
    }
    if (limit != null) {
      limit.cancel(false);
    }
  }

  private void end(byte @Nullable [] reply) {
    if (!over) {
      cancel();
      heard.accept(reply);
    }
  }

  /** Takes a reply with our id to our question; whatever else arrives is not for us. */
  private void received(ByteBuf message) {
    if (message.readableBytes() < 12
        || message.getUnsignedShort(message.readerIndex()) != id
        || (message.getUnsignedShort(message.readerIndex() + 2) & Dns.RESPONSE) == 0
        || !sameQuestion(message)) {
      return;
    }
    byte[] reply = ByteBufUtil.getBytes(message);
    reply[0] = query[0];
    reply[1] = query[1];
    end(reply);
  }

  /** A reply without a question, as some servers send with an error, is taken for ours. */
  private boolean sameQuestion(ByteBuf message) {
    if (message.getUnsignedShort(message.readerIndex() + 4) == 0) {
      return true;
    }
    DnsQuery asked = DnsQuery.read(Unpooled.wrappedBuffer(query));
    int length = asked == null ? 0 : asked.question().readableBytes();
    return message.readableBytes() >= 12 + length
        && ByteBufUtil.equals(
            message, message.readerIndex() + 12, Unpooled.wrappedBuffer(query), 12, length);
  }

  private final class UdpReply extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      received(packet.content());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(null);
    }
  }

  private final class TcpReply extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
      received(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(null);
    }
  }
}
