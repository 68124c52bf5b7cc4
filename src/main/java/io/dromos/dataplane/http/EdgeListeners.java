package io.dromos.dataplane.http;

import io.dromos.dataplane.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open listening sockets of the edge. Closing one stops accepting; connections that came
 * through it go on. Called by one thread at a time.
 */
final class EdgeListeners {
  private static final Logger LOG = System.getLogger(EdgeListeners.class.getName());

  private static final long SAY_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Transport loops;
  private final int maxConnections;
  private final int again;
  private final AtomicBoolean full = new AtomicBoolean();
  private volatile long lastSaid;
  private final AtomicInteger connections = new AtomicInteger();
  private final Map<InetSocketAddress, Channel> open = new ConcurrentHashMap<>();

  /** {@code maxConnections} of clients at once, over all sockets; further ones wait. */
  EdgeListeners(Transport loops, int maxConnections) {
    this.loops = loops;
    this.maxConnections = maxConnections;
    this.again = maxConnections - maxConnections / 20;
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
                            counted(channel);
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

  private void counted(SocketChannel channel) {
    if (connections.incrementAndGet() >= maxConnections && full.compareAndSet(false, true)) {
      sayFull();
      open.values().forEach(socket -> socket.config().setAutoRead(false));
    }
    channel
        .closeFuture()
        .addListener(
            closed -> {
              if (connections.decrementAndGet() < again && full.compareAndSet(true, false)) {
                open.values().forEach(socket -> socket.config().setAutoRead(true));
              }
            });
  }

  /** What is not accepted waits in the kernel's queue, as at any server that is full. */
  private void sayFull() {
    long now = System.nanoTime();
    if (lastSaid == 0 || now - lastSaid > SAY_EVERY_NANOS) {
      lastSaid = now;
      LOG.log(
          Level.WARNING,
          "edge has {0} connections and lets further ones wait; dromos.edge.max-connections raises"
              + " the limit",
          "" + maxConnections);
    }
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
