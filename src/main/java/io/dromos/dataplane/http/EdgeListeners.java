package io.dromos.dataplane.http;

import io.dromos.dataplane.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open listening sockets of the edge. Closing one stops accepting; connections that came
 * through it go on. Called by one thread at a time.
 */
final class EdgeListeners {
  private final Transport loops;
  private final Map<InetSocketAddress, Channel> open = new HashMap<>();

  EdgeListeners(Transport loops) {
    this.loops = loops;
  }

  boolean isOpen(InetSocketAddress address) {
    Channel channel = open.get(address);
    return channel != null && channel.isOpen();
  }

  /**
   * Listens, unless it does already. {@code accepted} fills the pipeline of each new connection, on
   * that connection's event loop.
   *
   * @return null, or why it is not possible
   */
  @Nullable Throwable open(InetSocketAddress address, Consumer<SocketChannel> accepted) {
    if (isOpen(address)) {
      return null;
    }
    ChannelFuture binding =
        loops
            .listen(
                new ServerBootstrap()
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.SO_BACKLOG, 1024)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, BackendPool.WATER_MARK)
                    .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                          @Override
                          protected void initChannel(SocketChannel channel) {
                            accepted.accept(channel);
                          }
                        }),
                address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      return binding.cause();
    }
    open.put(address, binding.channel());
    return null;
  }

  /** Stops accepting everywhere else. */
  void retain(Set<InetSocketAddress> wanted) {
    Iterator<Map.Entry<InetSocketAddress, Channel>> entries = open.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<InetSocketAddress, Channel> entry = entries.next();
      if (!wanted.contains(entry.getKey())) {
        entry.getValue().close().awaitUninterruptibly();
        entries.remove();
      }
    }
  }
}
