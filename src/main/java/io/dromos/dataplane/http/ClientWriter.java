package io.dromos.dataplane.http;

import io.dromos.dataplane.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/** Writes the answers of one client connection of the edge, one after the other. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which is heard
final class ClientWriter {
  /** The beginning of a body is copied behind its head up to this size: both go out as one. */
  private static final int SMALL = 4096;

  private final Channel channel;
  private final Outlet outlet;
  private @Nullable ByteBuf gathered;
  private Framing framing = Framing.NONE;
  private boolean headGiven;

  ClientWriter(Channel channel) {
    this.channel = channel;
    this.outlet = new Outlet(channel);
  }

  /** For the next request. */
  void reset() {
    framing = Framing.NONE;
    headGiven = false;
  }

  boolean headGiven() {
    return headGiven;
  }

  /** Our own answer, whole. {@code request} is null where its head could not be read. */
  void answer(
      @Nullable RequestHead request, int status, String sentence, Headers more, boolean keepAlive) {
    headGiven = true;
    ByteBuf text = ByteBufUtil.writeUtf8(channel.alloc(), sentence + "\n");
    Headers headers =
        Headers.of(
            "Content-Type", "text/plain; charset=utf-8",
            "Content-Length", Integer.toString(text.readableBytes()),
            "Cache-Control", "no-store");
    more.forEach(headers::add);
    connection(headers, request, keepAlive);
    channel.write(Wire.responseHead(channel.alloc(), status, Reasons.of(status), headers));
    if (request != null && request.method().equals("HEAD")) {
      text.release();
    } else {
      channel.write(text);
    }
  }

  void informational(ResponseHead head) {
    channel.writeAndFlush(
        Wire.responseHead(
            channel.alloc(), head.status(), head.reason(), HeaderRewrite.toClient(head)));
  }

  void switching(ResponseHead head) {
    channel.write(
        Wire.responseHead(
            channel.alloc(), head.status(), head.reason(), HeaderRewrite.toClient(head)));
  }

  /**
   * The backend's head. A body without a length is chunked for HTTP/1.1 and ends with the
   * connection for HTTP/1.0.
   *
   * @return whether the connection can still be kept after it
   */
  boolean head(RequestHead request, ResponseHead head, boolean keepAlive) {
    headGiven = true;
    Headers headers = HeaderRewrite.toClient(head);
    boolean keep = keepAlive;
    framing = head.framing();
    if (framing.is(Framing.Kind.CHUNKED) || framing.is(Framing.Kind.UNTIL_CLOSE)) {
      boolean chunks = request.minor() == 1;
      framing = chunks ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
      keep = keep && chunks;
      if (chunks) {
        headers.add("Transfer-Encoding", "chunked");
      }
    }
    connection(headers, request, keep);
    gathered = Wire.responseHead(channel.alloc(), head.status(), head.reason(), headers);
    return keep;
  }

  void body(ByteBuf piece) {
    if (gathered != null && gathered.readableBytes() + piece.readableBytes() <= SMALL) {
      Wire.body(gathered, framing, piece);
    } else {
      queue();
      Wire.body(channel, framing, piece);
    }
  }

  void end(Headers trailers) {
    if (gathered != null) {
      Wire.end(gathered, framing, trailers);
    } else {
      Wire.end(channel, framing, trailers);
    }
  }

  /** Sends what was given so far. */
  void flush() {
    ByteBuf bytes = gathered;
    if (bytes != null) {
      gathered = null;
      outlet.write(bytes);
    } else {
      channel.flush();
    }
  }

  /** Behind it follows what is not gathered. */
  private void queue() {
    if (gathered != null) {
      channel.write(gathered);
      gathered = null;
    }
  }

  /** The connection is gone. */
  void close() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  /** Ends the connection so that the client notices that something is missing. */
  void cut() {
    close();
    if (framing.is(Framing.Kind.UNTIL_CLOSE)) {
      // Only a reset tells an HTTP/1.0 client that this was not the end.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  void closeAfterFlush() {
    queue();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes our half alone. */
  void shutdownAfterFlush() {
    queue();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> HalfClose.output(channel));
  }

  private static void connection(
      Headers headers, @Nullable RequestHead request, boolean keepAlive) {
    if (!keepAlive) {
      headers.add("Connection", "close");
    } else if (request != null && request.minor() == 0) {
      headers.add("Connection", "keep-alive");
    }
  }
}
