package io.dromos.dataplane.l4;

import io.dromos.dataplane.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * One client connection joined to one backend connection, both on one event loop. Bytes, ends of
 * input and resets go across as they come; a side that cannot take more stops the reading of the
 * other. There is no idle limit.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class Relay {
  private int inputsEnded;

  private Relay() {}

  /** Joins two connected channels of one event loop; whoever reads is up to the caller. */
  static void join(Channel front, Channel back) {
    Relay relay = new Relay();
    Side ofFront = relay.new Side(back);
    Side ofBack = relay.new Side(front);
    ofFront.opposite = ofBack;
    ofBack.opposite = ofFront;
    front.pipeline().addLast(ofFront);
    back.pipeline().addLast(ofBack);
  }

  /** Closes with a reset, so that the other end knows this was not an orderly end. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  /** Passes the end of input on, after all that was written before it. */
  private void endOutput(Channel peer, Channel own) {
    peer.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                return;
              }
              ((DuplexChannel) peer)
                  .shutdownOutput()
                  .addListener(
                      shut -> {
                        inputsEnded++;
                        if (inputsEnded == 2) {
                          peer.close();
                          own.close();
                        }
                      });
            });
  }

  /** What happens on one side, passed to the other. */
  private final class Side extends ChannelInboundHandlerAdapter {
    private final Channel peer;
    private final Outlet outlet;
    private Side opposite = this;
    private boolean inputEnded;
    private boolean reset;

    Side(Channel peer) {
      this.peer = peer;
      this.outlet = new Outlet(peer);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      outlet.write((ByteBuf) message);
      if (!peer.isWritable()) {
        ctx.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      // An end that has ended has nothing more to read, and its transport may refuse to be asked.
      if (!opposite.inputEnded) {
        peer.config().setAutoRead(ctx.channel().isWritable());
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ChannelInputShutdownEvent.INSTANCE) {
        inputEnded = true;
        endOutput(peer, ctx.channel());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (reset) {
        peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> reset(peer));
      } else {
        peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      reset = true;
      ctx.close();
    }
  }
}
