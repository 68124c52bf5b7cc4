package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A proxied connection after 101: the container's byte stream on one side, the backend's channel on
 * the other, with back-pressure both ways. The container makes it, so it is public and has no
 * arguments; {@link #begin} must be called before the request's thread returns.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which is heard
public class ServletTunnel implements HttpUpgradeHandler, ReadListener, ServletSink.Source {
  private static final Logger LOG = System.getLogger(ServletTunnel.class.getName());
  private static final int READ = 32 * 1024;

  private Downstream.@Nullable Tunnel tunnel;
  private @Nullable ByteBuf leftover;
  private @Nullable EventLoop loop;
  private @Nullable WebConnection connection;
  private @Nullable ServletInputStream input;
  private @Nullable ServletSink sink;
  private @Nullable Deadline deadline;
  private long idleNanos;
  private boolean readable;
  private boolean allArrived;
  private boolean over;

  /** For the container. */
  public ServletTunnel() {}

  void begin(EventLoop on, Downstream.Tunnel through, long idle) {
    loop = on;
    tunnel = through;
    leftover = through.leftover();
    idleNanos = idle;
    deadline = new Deadline(on);
  }

  /** Nobody wants it any more. */
  static void drop(Downstream.Tunnel unwanted) {
    unwanted.leftover().release();
    unwanted.backend().close();
    unwanted.ended().run();
  }

  @Override
  public void init(WebConnection web) {
    EventLoop on = loop;
    Downstream.Tunnel through = tunnel;
    if (on == null || through == null) {
      return;
    }
    try {
      connection = web;
      ServletInputStream in = web.getInputStream();
      input = in;
      // Without this flush the client never sees the 101.
      web.getOutputStream().flush();
      ServletSink out = new ServletSink(on, web.getOutputStream(), this);
      sink = out;
      in.setReadListener(this);
      web.getOutputStream().setWriteListener(out);
      on.execute(() -> join(through, out));
    } catch (IOException | IllegalStateException e) {
      on.execute(() -> failed(e));
    }
  }

  private void join(Downstream.Tunnel through, ServletSink out) {
    Channel backend = through.backend();
    ByteBuf early = leftover;
    if (over || early == null) {
      return;
    }
    leftover = null;
    backend.pipeline().addLast(new BackendSide());
    out.offer(early);
    out.flush();
    moved();
    if (backend.isActive()) {
      backend.read();
    } else {
      out.end();
    }
    pump();
  }

  private void moved() {
    if (deadline != null) {
      deadline.arm(idleNanos, this::close);
    }
  }

  /** From the client to the backend, on the loop. */
  private void pump() {
    ServletInputStream in = input;
    if (tunnel == null || in == null || over) {
      return;
    }
    Channel backend = tunnel.backend();
    try {
      byte[] scratch = new byte[READ];
      while (readable && backend.isWritable() && in.isReady()) {
        int count = in.read(scratch);
        if (count < 0) {
          allArrived = true;
          break;
        }
        backend.write(backend.alloc().buffer(count).writeBytes(scratch, 0, count));
        moved();
      }
      backend.flush();
      if (allArrived && in.available() == 0) {
        backend.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    } catch (IOException | IllegalStateException e) {
      failed(e);
    }
  }

  @Override
  public void room() {
    if (tunnel != null) {
      tunnel.backend().read();
    }
  }

  @Override
  public void written() {
    close();
  }

  @Override
  public void failed(Throwable cause) {
    close();
  }

  private void close() {
    if (over || tunnel == null) {
      return;
    }
    over = true;
    if (deadline != null) {
      deadline.close();
    }
    if (sink != null) {
      sink.discard();
    }
    if (leftover != null) {
      leftover.release();
      leftover = null;
    }
    tunnel.backend().close();
    tunnel.ended().run();
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "closing a tunnel: {0}", e);
    }
  }

  private void onLoop(Runnable action) {
    if (loop != null) {
      loop.execute(action);
    }
  }

  @Override
  public void onDataAvailable() {
    onLoop(
        () -> {
          readable = true;
          pump();
        });
  }

  @Override
  public void onAllDataRead() {
    onLoop(
        () -> {
          allArrived = true;
          pump();
        });
  }

  @Override
  public void onError(Throwable cause) {
    onLoop(() -> failed(cause));
  }

  @Override
  public void destroy() {
    onLoop(this::close);
  }

  private final class BackendSide extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      moved();
      if (sink != null) {
        sink.offer((ByteBuf) message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (sink != null) {
        sink.flush();
        if (!sink.full()) {
          ctx.read();
        }
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (ctx.channel().isWritable()) {
        pump();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (sink != null) {
        sink.end();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      close();
    }
  }
}
