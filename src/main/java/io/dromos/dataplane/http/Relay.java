package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two channels of one event loop joined byte for byte: reading goes on only after writing went
 * through, a half-closed side is passed on as such, and silence ends both.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which is heard
final class Relay {
  /** How long a side may take to accept what the other left behind. */
  private static final long LAST_BYTES_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Channel a;
  private final Channel b;
  private final Deadline deadline;
  private final long idleNanos;
  private final Tally tally;
  private final Runnable ended;
  private int open = 2;
  private boolean over;

  private Relay(Channel a, Channel b, long idleNanos, Tally tally, Runnable ended) {
    this.a = a;
    this.b = b;
    this.deadline = new Deadline(a.eventLoop());
    this.idleNanos = idleNanos;
    this.tally = tally;
    this.ended = ended;
  }

  /**
   * Joins the client's {@code a} and the backend's {@code b} until both are closed.
   *
   * @param toA bytes for {@code a} that came before, {@code toB} the same for {@code b}
   * @param tally told of every byte that goes through
   * @param ended runs once, when it is over
   */
  static void join(
      Channel a, ByteBuf toA, Channel b, ByteBuf toB, long idleNanos, Tally tally, Runnable ended) {
    Relay relay = new Relay(a, b, idleNanos, tally, ended);
    for (Channel channel : new Channel[] {a, b}) {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    Side ofA = relay.new Side(b);
    Side ofB = relay.new Side(a);
    ofA.opposite = ofB;
    ofB.opposite = ofA;
    a.pipeline().addLast(ofA);
    b.pipeline().addLast(ofB);
    tally.down(toA.readableBytes());
    tally.up(toB.readableBytes());
    a.writeAndFlush(toA);
    b.writeAndFlush(toB);
    relay.moved();
    if (!a.isActive() || !b.isActive()) {
      relay.close();
      return;
    }
    a.read();
    b.read();
  }

  private void moved() {
    deadline.arm(idleNanos, this::close);
  }

  private void close() {
    if (!over) {
      over = true;
      deadline.close();
      a.close();
      b.close();
      ended.run();
    }
  }

  /** After the last bytes went out. */
  private static void closeAfterFlush(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private final class Side extends ChannelInboundHandlerAdapter {
    private final Channel peer;
    private Side opposite = this;
    private boolean inputClosed;

    Side(Channel peer) {
      this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      moved();
      int bytes = ((ByteBuf) message).readableBytes();
      if (peer == b) {
        tally.up(bytes);
      } else {
        tally.down(bytes);
      }
      peer.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      peer.flush();
      if (peer.isWritable() && !inputClosed) {
        ctx.read();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (ctx.channel().isWritable()) {
        moved();
        // A side whose input has ended has no more to read, and its transport may refuse to be
        // asked.
        if (!opposite.inputClosed) {
          peer.read();
        }
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, @Nullable Object event) {
      if (event == ChannelInputShutdownEvent.INSTANCE && !inputClosed) {
        inputClosed = true;
        if (--open == 0) {
          closeAfterFlush(peer);
          closeAfterFlush(ctx.channel());
        } else {
          peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> HalfClose.output(peer));
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (over || !peer.isActive()) {
        close();
      } else {
        // What was read from here still goes out there; its own end closes the rest.
        closeAfterFlush(peer);
        deadline.arm(Math.min(idleNanos, LAST_BYTES_NANOS), Relay.this::close);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      close();
    }
  }
}
