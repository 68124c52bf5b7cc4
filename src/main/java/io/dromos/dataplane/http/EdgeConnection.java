package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection of the edge in HTTP mode: one request at a time, the next one (pipelined or
 * not) when its answer is out. Reads only what the exchange can take. Confined to its event loop.
 */
@SuppressWarnings({
  "FutureReturnValueIgnored", // a failed write closes the channel, which is heard
  "ReferenceEquality" // another request is another object
})
final class EdgeConnection extends ChannelInboundHandlerAdapter implements Downstream {
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private enum Phase {
    HEAD,
    BODY,
    WAITING,
    CLOSING,
    TUNNEL
  }

  private final ProxyCore core;
  private final BackendPool pool;
  private final Admission.Router router;
  private final Admission admission;
  private final Channel channel;
  private final Meter listener;
  private final HeaderRewrite.Origin origin;
  private final Deadline deadline;
  private final ClientWriter writer;
  private final HeadFinder finder = new HeadFinder();
  private ByteBuf in = Unpooled.EMPTY_BUFFER;
  private Phase phase = Phase.HEAD;
  private boolean headStarted;
  private boolean bodyWanted;
  private boolean bodySeen;
  private boolean keepAlive;
  private boolean inputClosed;
  private boolean processing;
  private @Nullable RequestHead request;
  private @Nullable Exchange exchange;
  private BodyDecoder body = new BodyDecoder(Framing.NONE);

  /** {@code router} is asked once a request, so a request sees one snapshot. */
  EdgeConnection(ProxyCore core, Channel channel, Meter listener, Admission.Router router) {
    this.core = core;
    this.channel = channel;
    this.listener = listener;
    this.router = router;
    this.writer = new ClientWriter(channel);
    this.pool = core.pool(channel.eventLoop());
    this.deadline = new Deadline(channel.eventLoop());
    this.admission = new Admission(core, pool, listener, this, deadline);
    this.origin = HeaderRewrite.Origin.of(channel);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Listening.session(channel, listener, pool.writer());
    deadline.arm(core.limits().requestHead().toNanos(), this::headTooSlow);
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (phase == Phase.CLOSING) {
      bytes.release();
      return;
    }
    in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), in, bytes);
    process();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flushAndRead();
  }

  /** The same without new bytes: something else made room for those at hand. */
  private void proceed() {
    if (!processing) {
      process();
      flushAndRead();
    }
  }

  private void flushAndRead() {
    if (exchange != null) {
      exchange.flushRequest();
    }
    if (!in.isReadable()) {
      in.release();
      in = Unpooled.EMPTY_BUFFER;
    }
    readMore();
  }

  private void readMore() {
    boolean wanted =
        switch (phase) {
          case HEAD, CLOSING -> true;
          case BODY -> bodyWanted;
          // Notices a client that leaves, and at most one read of pipelined requests.
          case WAITING -> !in.isReadable();
          case TUNNEL -> false;
        };
    if (wanted && !inputClosed) {
      channel.read();
    }
  }

  /** Goes as far as the bytes at hand allow. Calls from inside are absorbed by the running one. */
  private void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      boolean progress = true;
      while (progress) {
        progress =
            switch (phase) {
              case HEAD -> readHead();
              case BODY -> readBody();
              default -> false;
            };
      }
    } catch (MalformedMessageException e) {
      refuse(e.status(), e.sentence());
    } finally {
      processing = false;
    }
    if (phase == Phase.HEAD && inputClosed) {
      closeAfterFlush();
    }
  }

  private boolean readHead() throws MalformedMessageException {
    if (!headStarted) {
      HeadFinder.skipEmptyLines(in);
    }
    if (!in.isReadable()) {
      return false;
    }
    if (!headStarted) {
      headStarted = true;
      deadline.arm(core.limits().requestHead().toNanos(), this::headTooSlow);
    }
    byte[] bytes = finder.take(in, "request");
    if (bytes == null) {
      return false;
    }
    headStarted = false;
    deadline.disarm();
    if (!keepAlive && EdgeStreams.prefaced(bytes)) {
      speakHttp2(bytes);
      return false;
    }
    begin(HeadParser.request(bytes, bytes.length));
    return true;
  }

  /** A client that knows beforehand that HTTP/2 is spoken here, as gRPC does without TLS. */
  private void speakHttp2(byte[] preface) {
    phase = Phase.TUNNEL;
    deadline.close();
    ByteBuf early = Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(preface), in.retain());
    channel.pipeline().remove(this);
    EdgeStreams.takeOver(core, channel, listener, router, early);
  }

  private void begin(RequestHead head) {
    request = head;
    keepAlive = head.keepAlive() && !core.isDraining();
    body = new BodyDecoder(head.framing());
    bodyWanted = false;
    bodySeen = false;
    writer.reset();
    phase = head.framing().hasBody() ? Phase.BODY : Phase.WAITING;
    admission.follow(
        router.route(head, origin),
        head,
        origin,
        true,
        () -> request == head && phase != Phase.CLOSING && channel.isActive(),
        given -> exchange = given);
  }

  private boolean readBody() throws MalformedMessageException {
    Exchange to = exchange;
    if (!bodyWanted || to == null) {
      return false;
    }
    ByteBuf piece = body.next(in);
    if (piece != null) {
      bodySeen = true;
      bodyWanted = to.requestBody(piece);
      return true;
    }
    if (body.done()) {
      phase = Phase.WAITING;
      to.requestEnd(body.trailers());
      return true;
    }
    return false;
  }

  @Override
  public void takeBody() {
    if (phase == Phase.BODY) {
      bodyWanted = true;
      proceed();
    }
  }

  /** What the client sent cannot be understood, in its head or in its body. */
  private void refuse(int status, String sentence) {
    boolean begun = writer.headGiven();
    if (exchange != null) {
      exchange.clientEnded(ProxyOutcome.CLIENT_INVALID);
    } else {
      core.unserved(pool, listener, ProxyOutcome.CLIENT_INVALID);
    }
    if (begun) {
      channel.close();
      return;
    }
    phase = Phase.BODY; // whatever follows is not read as a request
    answer(status, sentence, new Headers());
  }

  private void headTooSlow() {
    if (headStarted) {
      core.unserved(pool, listener, ProxyOutcome.CLIENT_TIMEOUT);
      phase = Phase.BODY;
      fail(ProxyOutcome.CLIENT_TIMEOUT, "the request's head did not come in time");
    } else {
      channel.close();
    }
  }

  /** Our own answer; the connection goes on if the request was read to its end. */
  @Override
  public void answer(OwnAnswer answer) {
    answer(answer.outcome().status(), answer.sentence(), answer.headers());
  }

  private void answer(int status, String sentence, Headers more) {
    keepAlive = keepAlive && phase == Phase.WAITING;
    writer.answer(request, status, sentence, more, keepAlive);
    completed();
  }

  @Override
  public void informational(ResponseHead head) {
    writer.informational(head);
  }

  @Override
  public void head(ResponseHead head) {
    RequestHead to = request;
    if (to == null) {
      return;
    }
    if (phase == Phase.BODY && !bodySeen && to.expectsContinue()) {
      // The client may now keep its body or send it: only closing is unambiguous.
      keepAlive = false;
    }
    keepAlive = writer.head(to, head, keepAlive);
  }

  @Override
  public void body(ByteBuf piece) {
    writer.body(piece);
  }

  @Override
  public void flush() {
    writer.flush();
  }

  @Override
  public boolean takesMore() {
    return channel.isWritable();
  }

  @Override
  public void end(Headers trailers) {
    writer.end(trailers);
    completed();
  }

  private void completed() {
    writer.flush();
    exchange = null;
    if (phase == Phase.BODY) {
      linger();
    } else if (!keepAlive) {
      closeAfterFlush();
    } else {
      phase = Phase.HEAD;
      request = null;
      deadline.arm(core.limits().keepAlive().toNanos(), this::headTooSlow);
      proceed();
    }
  }

  @Override
  public void cut() {
    writer.cut();
  }

  private void closeAfterFlush() {
    phase = Phase.CLOSING;
    deadline.arm(LINGER_NANOS, channel::close);
    writer.closeAfterFlush();
  }

  /** Closes our half and swallows what the client still sends: a reset could eat the answer. */
  private void linger() {
    phase = Phase.CLOSING;
    deadline.arm(LINGER_NANOS, channel::close);
    writer.shutdownAfterFlush();
    readMore();
  }

  @Override
  public void switched(ResponseHead head, Tunnel tunnel) {
    phase = Phase.TUNNEL;
    exchange = null;
    deadline.close();
    writer.switching(head);
    ByteBuf early = in;
    in = Unpooled.EMPTY_BUFFER;
    channel.pipeline().remove(this);
    Relay.join(
        channel,
        tunnel.leftover(),
        tunnel.backend(),
        early,
        core.limits().tunnelIdle().toNanos(),
        tunnel.tally(),
        tunnel.ended());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null && channel.isWritable()) {
      exchange.resumeResponse();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE || inputClosed) {
      return;
    }
    inputClosed = true;
    if (phase != Phase.WAITING && phase != Phase.TUNNEL) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.CLOSING;
    deadline.close();
    writer.close();
    if (exchange != null) {
      exchange.clientEnded(ProxyOutcome.CLIENT_GONE);
      exchange = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    in.release();
    in = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }
}
