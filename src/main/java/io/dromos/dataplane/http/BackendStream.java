package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One exchange on an HTTP/2 connection to a backend. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the stream, which is heard
final class BackendStream extends ChannelInboundHandlerAdapter implements Upstream {
  private final Channel channel;
  private final boolean reused;
  private @Nullable Listener listener;
  private @Nullable Tally tally;
  private String method = "GET";
  private boolean requestEnded;
  private boolean answered;
  private boolean headGiven;

  BackendStream(Channel channel, boolean reused) {
    this.channel = channel;
    this.reused = reused;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public void send(RequestHead head, Headers headers, Listener to, Tally books) {
    listener = to;
    tally = books;
    method = head.method();
    requestEnded = !head.framing().hasBody();
    channel.write(new DefaultHttp2HeadersFrame(Http2Heads.toBackend(head, headers), requestEnded));
    channel.read();
  }

  @Override
  public boolean sendBody(ByteBuf piece) {
    if (piece.isReadable()) {
      if (tally != null) {
        tally.up(piece.readableBytes());
      }
      channel.write(new DefaultHttp2DataFrame(piece, false));
    } else {
      piece.release();
    }
    return channel.isWritable();
  }

  @Override
  public void sendEnd(Headers trailers) {
    requestEnded = true;
    channel.write(
        trailers.size() > 0
            ? new DefaultHttp2HeadersFrame(Http2Heads.trailers(trailers), true)
            : new DefaultHttp2DataFrame(true));
  }

  @Override
  public void flush() {
    channel.flush();
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
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Listener to = listener;
    if (to == null) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof Http2DataFrame data) {
      if (data.content().isReadable()) {
        if (tally != null) {
          tally.down(data.content().readableBytes());
        }
        to.responseBody(data.content());
      } else {
        data.release();
      }
      if (data.isEndStream()) {
        end(new Headers());
      }
    } else if (message instanceof Http2HeadersFrame headers) {
      try {
        head(to, headers);
      } catch (MalformedMessageException e) {
        abort();
        to.responseInvalid(e.sentence());
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(Listener to, Http2HeadersFrame frame) throws MalformedMessageException {
    answered = true;
    if (headGiven) {
      end(Http2Heads.headers(frame.headers()));
      return;
    }
    ResponseHead head = Http2Heads.response(frame.headers(), method, frame.isEndStream());
    headGiven = !head.informational();
    to.responseHead(head);
    if (frame.isEndStream()) {
      end(new Headers());
    }
  }

  private void end(Headers trailers) {
    Listener to = listener;
    listener = null;
    if (!requestEnded) {
      channel.close();
    }
    if (to != null) {
      to.responseEnd(trailers);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Listener to = listener;
    if (to == null) {
      channel.read(); // So that its end is noticed.
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
    Listener to = listener;
    listener = null;
    if (to != null) {
      to.connectionLost(answered, "stream closed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }

  @Override
  public ByteBuf detach() {
    throw new IllegalStateException("an HTTP/2 answer switches no protocol");
  }

  @Override
  public Channel channel() {
    return channel;
  }
}
