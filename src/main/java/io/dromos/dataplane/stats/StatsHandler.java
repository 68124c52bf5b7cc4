package io.dromos.dataplane.stats;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;

/** Puts a question into the words of {@link StatsRequest} and the answer back into HTTP's. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and all is over
final class StatsHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = System.getLogger(StatsHandler.class.getName());

  private final Function<StatsRequest, StatsAnswer> answers;

  StatsHandler(Function<StatsRequest, StatsAnswer> answers) {
    this.answers = answers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    StatsAnswer answer =
        request.decoderResult().isFailure()
            ? StatsAnswer.text(400, "the request cannot be understood\n")
            : answer(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), answer.body());
    int length = body.readableBytes();
    if (request.method().equals(HttpMethod.HEAD)) {
      body.release();
      body = Unpooled.EMPTY_BUFFER;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
        .set("X-Content-Type-Options", "nosniff");
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    ChannelFuture written = ctx.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private StatsAnswer answer(FullHttpRequest request) {
    String target = request.uri();
    int mark = target.indexOf('?');
    String host = request.headers().get(HttpHeaderNames.HOST);
    try {
      return answers.apply(
          new StatsRequest(
              request.method().name(),
              mark < 0 ? target : target.substring(0, mark),
              mark < 0 ? "" : target.substring(mark + 1),
              host == null ? "" : host));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "statistics of " + target + " cannot be told", e);
      return StatsAnswer.text(500, "the statistics cannot be told; the log says why\n");
    }
  }

  /** A slow or broken client is none of anybody's business. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
