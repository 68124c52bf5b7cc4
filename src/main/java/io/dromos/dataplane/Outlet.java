package io.dromos.dataplane;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one connection: what the socket takes goes out at once, and only the rest is copied and
 * queued, so that nothing of a {@link LoopBuffer} is kept. Confined to the connection's event loop.
 * Where the pipeline encrypts, and where there is no native transport, it is a plain write.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A void promise tells the pipeline of failures.
public final class Outlet {
  private final Channel channel;
  private final @Nullable Socket socket;

  public Outlet(Channel channel) {
    this.channel = channel;
    this.socket =
        channel instanceof EpollSocketChannel epoll
                && epoll.fd() instanceof Socket own
                && channel.pipeline().get(SslHandler.class) == null
            ? own
            : null;
  }

  /**
   * Writes and takes ownership. A failure is heard in the channel's pipeline, as of any write with
   * a void promise.
   */
  public void write(ByteBuf bytes) {
    if (socket == null || !bytes.hasMemoryAddress()) {
      channel.writeAndFlush(bytes, channel.voidPromise());
      return;
    }
    int sent = nothingQueued() ? send(socket, bytes) : 0;
    if (sent == bytes.readableBytes()) {
      bytes.release();
      return;
    }
    bytes.skipBytes(sent);
    ByteBuf rest = channel.alloc().ioBuffer(bytes.readableBytes());
    rest.writeBytes(bytes);
    bytes.release();
    channel.writeAndFlush(rest, channel.voidPromise());
  }

  private boolean nothingQueued() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue != null && queue.totalPendingWriteBytes() == 0;
  }

  /**
   * Bytes that were taken; none where it fails, so that the queued write fails again, and tells.
   */
  private static int send(Socket socket, ByteBuf bytes) {
    try {
      return Math.max(
          0, socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()));
    } catch (IOException e) {
      return 0;
    }
  }
}
