package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Keeps what a handler before it let through until somebody behind it asks for bytes: TLS may bring
 * the client's first words together with the end of the handshake, when the backend that is to hear
 * them is not connected yet. Then it is gone.
 */
final class HeldBytes extends ChannelDuplexHandler {
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean ended;
  private boolean asked;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (asked) {
      ctx.fireChannelRead(message);
    } else {
      held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (asked) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!asked && event == ChannelInputShutdownEvent.INSTANCE) {
      ended = true;
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (asked) {
      more(ctx);
      return;
    }
    asked = true;
    ByteBuf now = held;
    held = Unpooled.EMPTY_BUFFER;
    if (now.isReadable()) {
      ctx.fireChannelRead(now);
      ctx.fireChannelReadComplete();
    } else {
      now.release();
      more(ctx);
    }
    if (ended) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
    ctx.pipeline().remove(this);
  }

  /** A transport whose input has ended may refuse to be asked. */
  private void more(ChannelHandlerContext ctx) {
    if (!ended) {
      ctx.read();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }
}
