package io.dromos.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.net.ConnectException;

/**
 * One HTTP/2 connection to a backend, opened with prior knowledge and without TLS, as gRPC servers
 * behind a proxy speak it. Carries many exchanges at once, each a {@link BackendStream}. Confined
 * to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
final class BackendStreams extends ChannelInboundHandlerAdapter {
  private static final long MAX_STREAMS_UNTIL_TOLD = 100;

  private final StreamPool pool;
  private final Target target;
  private final Channel channel;
  private final Http2FrameCodec codec;
  private final Deadline idle;
  private final long idleNanos;
  private long maxStreams = MAX_STREAMS_UNTIL_TOLD;
  private int open;
  private long begun;
  private boolean leaving;

  BackendStreams(StreamPool pool, Target target, Channel channel, long idleNanos) {
    this.pool = pool;
    this.target = target;
    this.channel = channel;
    this.idleNanos = idleNanos;
    this.idle = new Deadline(channel.eventLoop());
    this.codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .initialWindowSize(EdgeStreams.STREAM_WINDOW)
                    .maxHeaderListSize(HeadParser.MAX_HEAD))
            .gracefulShutdownTimeoutMillis(2000)
            .build();
  }

  /** On a bare channel that is connected. */
  void install() {
    channel.pipeline().addLast(codec, this);
    channel
        .pipeline()
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel pushed) {
                    pushed.close(); // Switched off by our settings.
                  }
                }));
    channel.read();
  }

  Target target() {
    return target;
  }

  boolean takesMore() {
    return channel.isActive()
        && !leaving
        && open < maxStreams
        && codec.connection().local().canOpenStream();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Http2Exception {
    Http2Connection connection = codec.connection();
    connection
        .local()
        .flowController()
        .incrementWindowSize(
            connection.connectionStream(),
            EdgeStreams.CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    ctx.flush();
  }

  void begin(BackendPool.Waiter waiter) {
    idle.disarm();
    open++;
    boolean reused = begun++ > 0;
    new Http2StreamChannelBootstrap(channel)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream.config().setWriteBufferWaterMark(BackendPool.WATER_MARK);
                stream.pipeline().addLast(new BackendStream(stream, reused));
              }
            })
        .open()
        .addListener(
            done -> {
              Channel stream = (Channel) done.getNow();
              if (!done.isSuccess() || stream == null) {
                ended();
                waiter.refused(
                    done.cause() == null ? new ConnectException("no stream") : done.cause());
                return;
              }
              stream.closeFuture().addListener(closed -> ended());
              waiter.connected(stream.pipeline().get(BackendStream.class));
            });
  }

  private void ended() {
    if (--open == 0) {
      if (leaving) {
        channel.close();
      } else {
        idle.arm(idleNanos, channel::close);
      }
    }
  }

  /** No further exchange: closes when the last one is over. */
  void leave() {
    leaving = true;
    if (open == 0) {
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2GoAwayFrame) {
      leaving = true;
      pool.forget(this);
      if (open == 0) {
        channel.close();
      }
    } else if (message instanceof Http2SettingsFrame settings) {
      Long told = settings.settings().maxConcurrentStreams();
      maxStreams = told == null ? maxStreams : told;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leaving = true;
    idle.close();
    pool.forget(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }
}
