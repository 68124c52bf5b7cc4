package io.dromos.dataplane.stats;

import io.dromos.dataplane.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The listener of the statistics: small requests, whole answers, a thread of its own. */
final class StatsServer {
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_BODY = 64 * 1024;
  private static final int IDLE_SECONDS = 30;

  private final Transport transport;
  private final Function<StatsRequest, StatsAnswer> answers;
  private final AtomicInteger open = new AtomicInteger();
  private @Nullable Channel channel;

  StatsServer(Transport transport, Function<StatsRequest, StatsAnswer> answers) {
    this.transport = transport;
    this.answers = answers;
  }

  boolean isOpen() {
    return channel != null && channel.isOpen();
  }

  /** Returns null, or why it is not possible. */
  @Nullable Throwable open(InetSocketAddress at) {
    ChannelFuture binding =
        transport
            .listen(
                new ServerBootstrap()
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                          @Override
                          protected void initChannel(SocketChannel client) {
                            accept(client);
                          }
                        }),
                at)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      return binding.cause();
    }
    channel = binding.channel();
    return null;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
  private void accept(SocketChannel client) {
    client.closeFuture().addListener(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > MAX_CONNECTIONS) {
      client.close();
      return;
    }
    client
        .pipeline()
        .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_BODY))
        .addLast(new StatsHandler(answers));
  }

  /** Port it listens on. */
  int port() {
    return channel != null && channel.localAddress() instanceof InetSocketAddress at
        ? at.getPort()
        : 0;
  }

  void close() {
    if (channel != null) {
      channel.close().awaitUninterruptibly();
    }
  }
}
