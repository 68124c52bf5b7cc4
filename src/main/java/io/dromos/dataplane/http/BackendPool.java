package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Idle backend connections of one event loop, newest first, so that few stay warm and the rest
 * expire. A request and its backend connection live on the client's own loop: no hop between
 * threads. Confined to the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class BackendPool {
  /** Gets a connection, or the reason why there is none. */
  interface Waiter {
    void connected(Upstream upstream);

    void refused(Throwable cause);
  }

  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

  /**
   * For each backend. A thousand clients at once may need as many; with fewer kept, most requests
   * would open a connection and close it again. What is not needed any more expires.
   */
  private static final int MAX_IDLE = 1024;

  /**
   * A request that must not be sent twice takes only a connection that rested shorter than any
   * server's keep-alive limit, so that it does not meet the server closing it.
   */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLoop loop;
  private final int writer;
  private final Bootstrap bootstrap;
  private final ProxyLimits limits;
  private final Map<BackendLoad, Deque<BackendConnection>> idle = new HashMap<>();
  private final StreamPool streams;
  private @Nullable Set<BackendLoad> live;

  /** {@code writer} is the loop's number in the {@link Meter}s of its plane. */
  BackendPool(EventLoop loop, int writer, Class<? extends Channel> channel, ProxyLimits limits) {
    this.loop = loop;
    this.writer = writer;
    this.limits = limits;
    // TCP_NODELAY is what the transport sets by itself; asking for it would cost a call more.
    this.streams = new StreamPool(this, limits);
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.connect().toMillis());
  }

  EventLoop loop() {
    return loop;
  }

  int writer() {
    return writer;
  }

  /**
   * A connection for one exchange, from the pool if one may be used.
   *
   * @param replayable whether the request may be sent again if the connection turns out dead
   * @param unused only a new connection will do
   */
  void acquire(
      Target target, RequestHead request, boolean replayable, boolean unused, Waiter waiter) {
    if (request.grpc()) {
      streams.acquire(target, unused, waiter);
      return;
    }
    BackendConnection pooled = unused ? null : take(target, replayable);
    if (pooled != null) {
      waiter.connected(pooled);
      return;
    }
    connect(
        target,
        channel -> {
          BackendConnection connection = new BackendConnection(this, target, channel);
          channel.pipeline().addLast(connection);
          waiter.connected(connection);
        },
        waiter::refused);
  }

  private @Nullable BackendConnection take(Target target, boolean replayable) {
    Deque<BackendConnection> stack = idle.get(target.load());
    if (stack == null) {
      return null;
    }
    long now = System.nanoTime();
    long maxIdle = replayable ? limits.poolIdle().toNanos() : FRESH_NANOS;
    BackendConnection newest = stack.peekLast();
    return newest != null && newest.usable(maxIdle, now) ? stack.pollLast() : null;
  }

  /** A bare connection that reads nothing yet; the receiver adds its handler. */
  void connect(Target target, Consumer<Channel> connected, Consumer<Throwable> refused) {
    ChannelFuture connecting =
        bootstrap.clone().handler(new Connecting()).connect(target.address());
    connecting.addListener(
        done -> {
          Channel channel = connecting.channel();
          if (!done.isSuccess()) {
            refused.accept(done.cause());
          } else if (channel.localAddress().equals(channel.remoteAddress())) {
            // A connect to a free port of this machine can meet itself.
            channel.close();
            refused.accept(new ConnectException("nobody listens there"));
          } else {
            connected.accept(channel);
          }
        });
  }

  /** An exchange is over and the connection can carry another. */
  void offer(BackendConnection connection) {
    BackendLoad load = connection.target().load();
    Deque<BackendConnection> stack = idle.computeIfAbsent(load, key -> new ArrayDeque<>());
    if ((live != null && !live.contains(load)) || stack.size() >= MAX_IDLE) {
      connection.abort();
      return;
    }
    connection.park(System.nanoTime(), limits.poolIdle().toNanos());
    stack.addLast(connection);
  }

  void forget(BackendConnection connection) {
    Deque<BackendConnection> stack = idle.get(connection.target().load());
    if (stack != null) {
      stack.remove(connection);
      if (stack.isEmpty()) {
        idle.remove(connection.target().load());
      }
    }
  }

  /** Closes what rests on backends that take no more requests; what is in use goes on. */
  void retain(Set<BackendLoad> accepting) {
    live = accepting;
    streams.retain(accepting);
    List<BackendConnection> gone = new ArrayList<>();
    idle.forEach(
        (load, stack) -> {
          if (!accepting.contains(load)) {
            gone.addAll(stack);
          }
        });
    gone.forEach(BackendConnection::abort);
  }

  int idleConnections() {
    return idle.values().stream().mapToInt(Deque::size).sum();
  }

  /** Hears what goes wrong before there is another handler; the connect's future tells the rest. */
  private static final class Connecting extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (ctx.pipeline().last() == this) {
        ctx.close();
      } else {
        ctx.fireExceptionCaught(cause);
      }
    }
  }
}
