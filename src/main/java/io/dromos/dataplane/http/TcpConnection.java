package io.dromos.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client connection of a TCP-mode service port: waits, unread, until a backend takes the
 * connection, then is joined to it. The next backend is tried as long as none did.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed close has nothing left to close
final class TcpConnection extends ChannelInboundHandlerAdapter {
  private static final int MAX_TRIES = 16;

  private final ProxyCore core;
  private final Channel channel;
  private final Frontend frontend;
  private final List<Target> tried = new ArrayList<>(2);

  TcpConnection(ProxyCore core, Channel channel, Frontend frontend) {
    this.core = core;
    this.channel = channel;
    this.frontend = frontend;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    attempt(null);
  }

  private void attempt(@Nullable Throwable last) {
    Target next =
        tried.size() < MAX_TRIES && channel.isActive()
            ? core.picker().pick(frontend.targets(), tried, System.nanoTime())
            : null;
    if (next == null) {
      ProxyOutcome outcome =
          !channel.isActive()
              ? ProxyOutcome.CLIENT_GONE
              : last == null
                  ? ProxyOutcome.NO_BACKEND
                  : last instanceof ConnectTimeoutException
                      ? ProxyOutcome.BACKEND_UNREACHABLE
                      : ProxyOutcome.BACKEND_REFUSED;
      core.counters().count(frontend.app(), outcome);
      channel.close();
      return;
    }
    core.pool(channel.eventLoop())
        .connect(
            next,
            backend -> join(next, backend),
            cause -> {
              next.load().released();
              core.picker().eject(next, Reasons.of(cause), System.nanoTime());
              tried.add(next);
              attempt(cause);
            });
  }

  private void join(Target serving, Channel backend) {
    channel.pipeline().remove(this);
    Relay.join(
        channel,
        Unpooled.EMPTY_BUFFER,
        backend,
        Unpooled.EMPTY_BUFFER,
        core.limits().tunnelIdle().toNanos(),
        () -> {
          serving.load().released();
          core.counters().count(frontend.app(), ProxyOutcome.TUNNELLED);
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }
}
