package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** Writes heads and bodies as HTTP/1.1 bytes. Values were checked when they were read. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which is heard
final class Wire {
  private static final ByteBuf CRLF = constant("\r\n");
  private static final ByteBuf LAST = constant("0\r\n\r\n");

  private Wire() {}

  /** Direct, so that a write needs no copy, and shared by all channels. */
  private static ByteBuf constant(String text) {
    ByteBuf bytes = Unpooled.directBuffer(text.length());
    latin(bytes, text);
    return Unpooled.unreleasableBuffer(bytes.asReadOnly());
  }

  static ByteBuf requestHead(
      ByteBufAllocator allocator, String method, String target, Headers headers) {
    ByteBuf out = allocator.buffer(512);
    latin(out, method);
    out.writeByte(' ');
    latin(out, target);
    latin(out, " HTTP/1.1\r\n");
    headers.write(out);
    return out;
  }

  static ByteBuf responseHead(
      ByteBufAllocator allocator, int status, String reason, Headers headers) {
    ByteBuf out = allocator.buffer(512);
    latin(out, "HTTP/1.1 ");
    latin(out, Integer.toString(status));
    out.writeByte(' ');
    latin(out, reason);
    out.writeByte('\r').writeByte('\n');
    headers.write(out);
    return out;
  }

  /** Writes one piece of payload and takes ownership of it; does not flush. */
  static void body(Channel channel, Framing framing, ByteBuf piece) {
    int size = piece.readableBytes();
    if (size == 0) {
      piece.release();
      return;
    }
    if (framing.is(Framing.Kind.CHUNKED)) {
      ByteBuf line = channel.alloc().buffer(12);
      latin(line, Integer.toHexString(size));
      line.writeByte('\r').writeByte('\n');
      channel.write(line);
      channel.write(piece);
      channel.write(CRLF.duplicate());
    } else {
      channel.write(piece);
    }
  }

  /** As {@link #body(Channel, Framing, ByteBuf)}, behind what is there already. */
  static void body(ByteBuf out, Framing framing, ByteBuf piece) {
    int size = piece.readableBytes();
    boolean chunked = framing.is(Framing.Kind.CHUNKED);
    if (chunked && size > 0) {
      latin(out, Integer.toHexString(size));
      out.writeByte('\r').writeByte('\n');
    }
    out.writeBytes(piece);
    piece.release();
    if (chunked && size > 0) {
      out.writeByte('\r').writeByte('\n');
    }
  }

  /** As {@link #end(Channel, Framing, Headers)}, behind what is there already. */
  static void end(ByteBuf out, Framing framing, Headers trailers) {
    if (framing.is(Framing.Kind.CHUNKED)) {
      out.writeByte('0').writeByte('\r').writeByte('\n');
      trailers.write(out);
    }
  }

  /** Ends a body; does not flush. */
  static void end(Channel channel, Framing framing, Headers trailers) {
    if (!framing.is(Framing.Kind.CHUNKED)) {
      return;
    }
    if (trailers.size() == 0) {
      channel.write(LAST.duplicate());
      return;
    }
    ByteBuf out = channel.alloc().buffer(128);
    end(out, framing, trailers);
    channel.write(out);
  }

  private static void latin(ByteBuf out, String text) {
    ByteBufUtil.writeAscii(out, text);
  }
}
