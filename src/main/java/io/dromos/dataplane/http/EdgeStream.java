package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 client of the edge. Takes a piece of its body only when the backend can,
 * which is what opens the client's window again. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the stream, which is heard
final class EdgeStream extends ChannelInboundHandlerAdapter implements Downstream {
  private final ProxyCore core;
  private final Channel channel;
  private final Meter listener;
  private final HeaderRewrite.Origin origin;
  private final Admission.Router router;
  private final Admission admission;
  private final Deadline deadline;
  private final Deque<ByteBuf> unsent = new ArrayDeque<>(4);
  private Headers trailers = new Headers();
  private @Nullable RequestHead request;
  private @Nullable Exchange exchange;
  private @Nullable Http2Headers head;
  private boolean inputEnded;
  private boolean bodyWanted;
  private boolean handing;
  private boolean answered;
  private boolean over;

  /** {@code router} is asked once a request, so a request sees one snapshot. */
  EdgeStream(
      ProxyCore core,
      Channel channel,
      Meter listener,
      HeaderRewrite.Origin origin,
      Admission.Router router) {
    this.core = core;
    this.channel = channel;
    this.listener = listener;
    this.origin = origin;
    this.router = router;
    this.deadline = new Deadline(channel.eventLoop());
    this.admission = new Admission(core, core.pool(channel.eventLoop()), listener, this, deadline);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2DataFrame data) {
      inputEnded |= data.isEndStream();
      if (over || !data.content().isReadable()) {
        data.release();
      } else {
        unsent.add(data.content());
      }
      hand();
    } else if (message instanceof Http2HeadersFrame headers) {
      inputEnded |= headers.isEndStream();
      try {
        if (request == null) {
          begin(Http2Heads.request(headers.headers(), headers.isEndStream()));
        } else {
          trailers = Http2Heads.headers(headers.headers());
          hand();
        }
      } catch (MalformedMessageException e) {
        refuse(e.status(), e.sentence());
      }
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(RequestHead to) {
    request = to;
    admission.follow(
        router.route(to, origin),
        to,
        origin,
        true,
        () -> !over && channel.isActive(),
        given -> exchange = given);
  }

  @Override
  public void takeBody() {
    bodyWanted = true;
    hand();
  }

  /** Hands over what came of the body, as long as the backend takes it. */
  private void hand() {
    if (handing) {
      return;
    }
    handing = true;
    Exchange to = exchange;
    while (bodyWanted && to != null && exchange == to) {
      ByteBuf piece = unsent.poll();
      if (piece != null) {
        bodyWanted = to.requestBody(piece);
      } else if (inputEnded) {
        bodyWanted = false;
        to.requestEnd(trailers);
      } else {
        break;
      }
    }
    handing = false;
    if (exchange != null) {
      exchange.flushRequest();
    }
    if (bodyWanted && !inputEnded) {
      channel.read();
    }
  }

  /** What the client sent cannot be understood. */
  private void refuse(int status, String sentence) {
    Exchange running = exchange;
    if (running != null) {
      running.clientEnded(ProxyOutcome.CLIENT_INVALID);
    } else {
      unserved(ProxyOutcome.CLIENT_INVALID);
    }
    if (answered) {
      cut();
    } else {
      answer(status, sentence, new Headers());
    }
  }

  private void unserved(ProxyOutcome outcome) {
    core.unserved(core.pool(channel.eventLoop()), listener, outcome);
  }

  @Override
  public void answer(OwnAnswer answer) {
    answer(answer.outcome().status(), answer.sentence(), answer.headers());
  }

  private void answer(int status, String sentence, Headers more) {
    ByteBuf text = ByteBufUtil.writeUtf8(channel.alloc(), sentence + "\n");
    Headers headers =
        Headers.of(
            "Content-Type", "text/plain; charset=utf-8",
            "Content-Length", Integer.toString(text.readableBytes()),
            "Cache-Control", "no-store");
    more.forEach(headers::add);
    head = Http2Heads.toClient(status, headers);
    answered = true;
    RequestHead to = request;
    if (to != null && to.method().equals("HEAD")) {
      text.release();
    } else {
      body(text);
    }
    end(new Headers());
  }

  @Override
  public void informational(ResponseHead interim) {
    channel.writeAndFlush(
        new DefaultHttp2HeadersFrame(
            Http2Heads.toClient(interim.status(), HeaderRewrite.toClient(interim)), false));
  }

  /** Waits for what follows: an answer without a body ends with its head. */
  @Override
  public void head(ResponseHead response) {
    answered = true;
    head = Http2Heads.toClient(response.status(), HeaderRewrite.toClient(response));
  }

  private void writeHead(boolean last) {
    Http2Headers waiting = head;
    if (waiting != null) {
      head = null;
      channel.write(new DefaultHttp2HeadersFrame(waiting, last));
    }
  }

  @Override
  public void body(ByteBuf piece) {
    if (piece.isReadable()) {
      writeHead(false);
      channel.write(new DefaultHttp2DataFrame(piece, false));
    } else {
      piece.release();
    }
  }

  @Override
  public void flush() {
    writeHead(false);
    channel.flush();
  }

  @Override
  public boolean takesMore() {
    return channel.isWritable();
  }

  @Override
  public void end(Headers last) {
    boolean more = last.size() > 0;
    if (head != null && !more) {
      writeHead(true);
    } else {
      writeHead(false);
      channel.write(
          more
              ? new DefaultHttp2HeadersFrame(Http2Heads.trailers(last), true)
              : new DefaultHttp2DataFrame(true));
    }
    channel.flush();
    over = true;
    exchange = null;
    deadline.close();
    if (!inputEnded) {
      // The answer is whole; the rest of the request is not wanted (RFC 9113, section 8.1).
      channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
    drop();
  }

  @Override
  public void cut() {
    over = true;
    exchange = null;
    deadline.close();
    channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    drop();
  }

  @Override
  public void switched(ResponseHead response, Tunnel tunnel) {
    throw new IllegalStateException("no HTTP/2 request asks to switch protocols");
  }

  private void drop() {
    for (ByteBuf piece = unsent.poll(); piece != null; piece = unsent.poll()) {
      piece.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null && channel.isWritable()) {
      exchange.resumeResponse();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over = true;
    deadline.close();
    Exchange running = exchange;
    exchange = null;
    if (running != null) {
      running.clientEnded(ProxyOutcome.CLIENT_GONE);
    }
    drop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }
}
