package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
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
  private final Choice choice;
  private final int writer;
  private final Meter listener;
  private final Tally tally;
  private final List<Target> tried = new ArrayList<>(2);

  TcpConnection(ProxyCore core, Channel channel, Frontend frontend, Choice choice, Meter listener) {
    this.core = core;
    this.channel = channel;
    this.frontend = frontend;
    this.choice = choice;
    this.writer = core.pool(channel.eventLoop()).writer();
    this.listener = listener;
    this.tally = new Tally(writer, listener, frontend.meter(), false);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Listening.session(channel, listener, writer);
    attempt(null);
  }

  private void attempt(@Nullable Throwable last) {
    Target next =
        tried.size() < MAX_TRIES && channel.isActive()
            ? core.picker().pick(frontend.targets(), choice, tried, System.nanoTime())
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
      tally.end(outcome);
      channel.close();
      return;
    }
    tally.picked(next.load());
    core.pool(channel.eventLoop())
        .connect(
            next,
            backend -> join(next, backend),
            cause -> {
              tally.refused();
              next.load().released();
              core.picker().eject(next, Reasons.of(cause), System.nanoTime());
              tried.add(next);
              attempt(cause);
            });
  }

  private void join(Target serving, Channel backend) {
    channel.pipeline().remove(this);
    tally.connected(false);
    Relay.join(
        channel,
        Unpooled.EMPTY_BUFFER,
        backend,
        Unpooled.EMPTY_BUFFER,
        core.limits().tunnelIdle().toNanos(),
        tally,
        () -> {
          serving.load().released();
          tally.end(ProxyOutcome.TUNNELLED);
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }
}
