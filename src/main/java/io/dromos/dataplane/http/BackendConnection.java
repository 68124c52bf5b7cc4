package io.dromos.dataplane.http;

import io.dromos.dataplane.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to a backend: carries one exchange at a time and waits in its loop's pool
 * between two. Reads only when its listener can take more. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which is heard
final class BackendConnection extends ChannelInboundHandlerAdapter implements Upstream {
  private final BackendPool pool;
  private final Target target;
  private final HeadFinder finder = new HeadFinder();
  private final Deadline idle;
  private final Channel channel;
  private final Outlet outlet;
  private @Nullable ByteBuf unsent;
  private ByteBuf in = Unpooled.EMPTY_BUFFER;
  private @Nullable Listener listener;
  private @Nullable Tally tally;
  private @Nullable BodyDecoder body;
  private Framing requestFraming = Framing.NONE;
  private String method = "GET";
  private boolean requestEnded;
  private boolean keepAlive;
  private boolean answered;
  private boolean reset;
  private int exchanges;
  private long idleSinceNanos;

  BackendConnection(BackendPool pool, Target target, Channel channel) {
    this.pool = pool;
    this.target = target;
    this.channel = channel;
    this.outlet = new Outlet(channel);
    this.idle = new Deadline(channel.eventLoop());
  }

  Target target() {
    return target;
  }

  @Override
  public boolean reused() {
    return exchanges > 1;
  }

  boolean usable(long maxIdleNanos, long nowNanos) {
    return channel.isActive() && nowNanos - idleSinceNanos <= maxIdleNanos;
  }

  @Override
  public void send(RequestHead head, Headers headers, Listener to, Tally books) {
    idle.disarm();
    exchanges++;
    listener = to;
    tally = books;
    body = null;
    answered = false;
    keepAlive = false;
    method = head.method();
    requestFraming = head.framing();
    requestEnded = !requestFraming.hasBody();
    finder.reset();
    ByteBuf bytes = Wire.requestHead(channel.alloc(), method, head.target(), headers);
    books.up(bytes.readableBytes());
    unsent = bytes;
    channel.read();
  }

  private void queueHead() {
    if (unsent != null) {
      channel.write(unsent);
      unsent = null;
    }
  }

  @Override
  public boolean sendBody(ByteBuf piece) {
    if (tally != null) {
      tally.up(piece.readableBytes());
    }
    queueHead();
    Wire.body(channel, requestFraming, piece);
    return channel.isWritable();
  }

  @Override
  public void sendEnd(Headers trailers) {
    queueHead();
    Wire.end(channel, requestFraming, trailers);
    requestEnded = true;
  }

  @Override
  public void flush() {
    ByteBuf alone = unsent;
    if (alone != null) {
      unsent = null;
      outlet.write(alone);
    } else {
      channel.flush();
    }
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void resume() {
    channel.read();
  }

  @Override
  public void abort() {
    listener = null;
    channel.close();
  }

  @Override
  public ByteBuf detach() {
    listener = null;
    ByteBuf rest = in;
    in = Unpooled.EMPTY_BUFFER;
    channel.pipeline().remove(this);
    idle.close();
    return rest;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  /** The pool keeps it: it closes by itself after a while, or when the backend closes. */
  void park(long nowNanos, long forNanos) {
    idleSinceNanos = nowNanos;
    idle.arm(forNanos, channel::close);
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (listener == null) {
      bytes.release();
      channel.close();
      return;
    }
    answered = true;
    if (tally != null) {
      tally.down(bytes.readableBytes());
    }
    in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), in, bytes);
    try {
      decode();
    } catch (MalformedMessageException e) {
      Listener failed = listener;
      abort();
      if (failed != null) {
        failed.responseInvalid(e.sentence());
      }
    }
  }

  private void decode() throws MalformedMessageException {
    while (listener != null) {
      if (body == null) {
        if (!decodeHead(listener)) {
          return;
        }
      } else {
        ByteBuf piece = body.next(in);
        if (piece != null) {
          listener.responseBody(piece);
        } else if (body.done()) {
          endOfResponse(listener, body.trailers());
        } else {
          return;
        }
      }
    }
  }

  private boolean decodeHead(Listener to) throws MalformedMessageException {
    byte[] bytes = finder.take(in, "answer");
    if (bytes == null) {
      return false;
    }
    ResponseHead head = HeadParser.response(bytes, bytes.length, method);
    if (!head.informational() && head.status() != 101) {
      body = new BodyDecoder(head.framing());
      keepAlive = head.keepAlive() && !head.framing().is(Framing.Kind.UNTIL_CLOSE);
    }
    to.responseHead(head);
    return true;
  }

  private void endOfResponse(Listener to, Headers trailers) {
    listener = null;
    body = null;
    if (keepAlive && requestEnded && !in.isReadable() && channel.isActive()) {
      pool.offer(this);
    } else {
      channel.close();
    }
    to.responseEnd(trailers);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!in.isReadable()) {
      in.release();
      in = Unpooled.EMPTY_BUFFER;
    }
    Listener to = listener;
    if (to == null) {
      return;
    }
    to.responsePause();
    if (listener == to && to.takesMore()) {
      channel.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (listener != null && channel.isWritable()) {
      listener.requestWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    idle.close();
    pool.forget(this);
    Listener to = listener;
    listener = null;
    if (to != null) {
      if (!reset && body != null && body.endOfStream()) {
        to.responseEnd(body.trailers());
      } else {
        to.connectionLost(answered, reset ? "connection reset" : "connection closed");
      }
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (unsent != null) {
      unsent.release();
      unsent = null;
    }
    in.release();
    in = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset = true;
    channel.close();
  }
}
