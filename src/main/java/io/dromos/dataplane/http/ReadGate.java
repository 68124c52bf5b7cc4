package io.dromos.dataplane.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Stops reading from an HTTP/2 client that does not take what it asked for. Windows hold bodies
 * back, but neither heads nor acknowledgements: without this they would pile up here.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class ReadGate extends ChannelDuplexHandler {
  private boolean waiting;

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      ctx.read();
    } else {
      waiting = true;
    }
  }

  /** Half a connection is no use to HTTP/2: whoever ends his side is gone. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (waiting && ctx.channel().isWritable()) {
      waiting = false;
      ctx.read();
    }
    ctx.fireChannelWritabilityChanged();
  }
}
