package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection of a client of the edge: gives each request an {@link EdgeStream}, and
 * limits what a client may do beside requests. Netty's codec refuses resets, empty frames,
 * continuations and unread acknowledgements by the thousand; this adds frames that ask for nothing,
 * answers that nobody reads ({@link ReadGate}), and idleness. Confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class EdgeStreams extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE_HEAD =
      "PRI * HTTP/2.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Requests that may be under way at once. */
  static final int MAX_STREAMS = 128;

  /** Bytes a client may send on one request before the backend took them. */
  static final int STREAM_WINDOW = 256 * 1024;

  /** The same over all of them: one stalled upload leaves room for the others. */
  static final int CONNECTION_WINDOW = 1024 * 1024;

  /** Resets, and frames that ask for nothing, in {@link #FLOOD_SECONDS}. */
  static final int MAX_RESETS = 200;

  static final int MAX_IDLE_FRAMES = 1000;
  static final int FLOOD_SECONDS = 10;

  private final ProxyCore core;
  private final Meter listener;
  private final ProxyLimits limits;
  private final Http2FrameCodec codec;
  private final Deadline deadline;
  private int open;
  private int idleFrames;
  private long windowStart = System.nanoTime();

  private EdgeStreams(ProxyCore core, Channel channel, Meter listener, Http2FrameCodec codec) {
    this.core = core;
    this.listener = listener;
    this.limits = core.limits();
    this.codec = codec;
    this.deadline = new Deadline(channel.eventLoop());
  }

  /** Whether the first head of a connection is the beginning of HTTP/2 (RFC 9113, section 3.4). */
  static boolean prefaced(byte[] head) {
    return head.length == PREFACE_HEAD.length && Arrays.equals(head, PREFACE_HEAD);
  }

  /** As {@link #install}, for a connection that was counted before and began with {@code early}. */
  static void takeOver(
      ProxyCore core, Channel channel, Meter listener, Admission.Router router, ByteBuf early) {
    install(core, channel, listener, router);
    ChannelHandlerContext gate = channel.pipeline().context(ReadGate.class);
    gate.fireChannelRead(early);
    gate.fireChannelReadComplete();
  }

  /** Makes the rest of the pipeline speak HTTP/2; the channel is active. */
  static void install(ProxyCore core, Channel channel, Meter listener, Admission.Router router) {
    HeaderRewrite.Origin origin = HeaderRewrite.Origin.of(channel);
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(MAX_STREAMS)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(HeadParser.MAX_HEAD))
            .validateHeaders(true)
            .validateRequiredPseudoHeaders(true)
            .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, FLOOD_SECONDS)
            .gracefulShutdownTimeoutMillis(2000)
            .build();
    EdgeStreams streams = new EdgeStreams(core, channel, listener, codec);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new ReadGate(), codec, streams);
    pipeline.addLast(
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                streams.opened(stream);
                stream.config().setAutoRead(false);
                stream.config().setWriteBufferWaterMark(BackendPool.WATER_MARK);
                stream.pipeline().addLast(new EdgeStream(core, stream, listener, origin, router));
              }
            }));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Http2Exception {
    Http2Connection connection = codec.connection();
    connection
        .local()
        .flowController()
        .incrementWindowSize(
            connection.connectionStream(), CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    ctx.flush();
    deadline.arm(limits.requestHead().toNanos(), ctx::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Listening.session(ctx.channel(), listener, core.pool(ctx.channel().eventLoop()).writer());
    ctx.fireChannelActive();
    ctx.read();
  }

  private void opened(Channel stream) {
    open++;
    deadline.disarm();
    stream
        .closeFuture()
        .addListener(
            closed -> {
              if (--open == 0) {
                deadline.arm(limits.keepAlive().toNanos(), () -> stream.parent().close());
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean asksForNothing =
        message instanceof Http2PingFrame
            || message instanceof Http2SettingsFrame
            || message instanceof Http2PriorityFrame
            || message instanceof Http2UnknownFrame;
    if (asksForNothing && flooded()) {
      ReferenceCountUtil.release(message);
      ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
          .addListener(done -> ctx.channel().close());
      return;
    }
    ctx.fireChannelRead(message);
  }

  private boolean flooded() {
    long now = System.nanoTime();
    if (now - windowStart > TimeUnit.SECONDS.toNanos(FLOOD_SECONDS)) {
      windowStart = now;
      idleFrames = 0;
    }
    return ++idleFrames > MAX_IDLE_FRAMES;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.close();
    ctx.fireChannelInactive();
  }
}
