package io.dromos.dataplane;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How the listening sockets of one process come to the next, over a unix socket: the successor asks
 * ({@code T}), gets the names of all sockets, says that it is ready for descriptors ({@code F}) and
 * gets them in that order. When it serves, it says so ({@code D}), and the predecessor drains. A
 * successor that goes before that has changed nothing. Works where the native transport loads.
 */
public final class Handover implements AutoCloseable {
  private static final byte TAKE = 'T';
  private static final byte DESCRIPTORS = 'F';
  private static final byte DRAIN = 'D';
  private static final long PATIENCE_SECONDS = 10;

  /** What the predecessor does; each is called on the handover's own thread and may block. */
  public interface Predecessor {
    /** Somebody is about to take over: from now on, until told otherwise, nothing changes. */
    void hold();

    /** Nobody took over after all. */
    void resume();

    /** The successor serves: drain. */
    void drain();
  }

  private final Transport transport;
  private final Channel channel;

  private Handover(Transport transport, Channel channel) {
    this.transport = transport;
    this.channel = channel;
  }

  /** False: sockets cannot be handed over on this machine. */
  public static boolean isPossible() {
    return Transport.isNative();
  }

  /**
   * Offers the sockets of this process at {@code path}, which must be free.
   *
   * @throws IOException when it cannot be listened on
   */
  public static Handover offer(Path path, Predecessor predecessor) throws IOException {
    Transport transport = Transport.start("handover", 1);
    ChannelFuture binding =
        new ServerBootstrap()
            .group(transport.group())
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel successor) {
                    successor.pipeline().addLast(new Giving(predecessor));
                  }
                })
            .bind(new DomainSocketAddress(path.toFile()))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      transport.close();
      throw new IOException("no handover at " + path + ": " + binding.cause(), binding.cause());
    }
    return new Handover(transport, binding.channel());
  }

  /** Takes the sockets of whoever offers them at {@code path}; empty when nobody does. */
  public static Optional<Handover> take(Path path) throws IOException {
    if (!isPossible() || !Files.exists(path)) {
      return Optional.empty();
    }
    Transport transport = Transport.start("handover", 1);
    Taking taking = new Taking();
    ChannelFuture connecting =
        new Bootstrap()
            .group(transport.group())
            .channel(EpollDomainSocketChannel.class)
            .handler(taking)
            .connect(new DomainSocketAddress(path.toFile()))
            .awaitUninterruptibly();
    if (!connecting.isSuccess()) {
      transport.close();
      // Left behind by a process that was killed.
      return Optional.empty();
    }
    try {
      var unused = taking.taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      transport.close();
      throw new IOException("the predecessor does not hand over its sockets: " + e, e);
    } catch (InterruptedException e) {
      transport.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while taking over", e);
    }
    return Optional.of(new Handover(transport, connecting.channel()));
  }

  /** The successor serves: the predecessor may drain. */
  public void confirm() {
    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {DRAIN})).awaitUninterruptibly();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    transport.close();
  }

  /** The predecessor's side of one conversation. */
  @SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the conversation
  private static final class Giving extends ChannelInboundHandlerAdapter {
    private final Predecessor predecessor;
    private List<Map.Entry<String, FileDescriptor>> sockets = List.of();
    private boolean held;
    private boolean drained;

    Giving(Predecessor predecessor) {
      this.predecessor = predecessor;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        while (bytes.isReadable()) {
          said(ctx, bytes.readByte());
        }
      } finally {
        bytes.release();
      }
    }

    private void said(ChannelHandlerContext ctx, byte word) {
      switch (word) {
        case TAKE -> {
          held = true;
          predecessor.hold();
          sockets = ListeningSockets.ofThisProcess().toHandOver();
          StringBuilder names = new StringBuilder();
          sockets.forEach(socket -> names.append(socket.getKey()).append('\n'));
          ctx.writeAndFlush(
              Unpooled.copiedBuffer(names.append('\n').toString(), StandardCharsets.US_ASCII));
        }
        case DESCRIPTORS -> {
          sockets.forEach(socket -> ctx.write(socket.getValue()));
          ctx.flush();
        }
        case DRAIN -> {
          drained = true;
          predecessor.drain();
        }
        default -> ctx.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (held && !drained) {
        predecessor.resume();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** The successor's side. */
  @SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the conversation
  private static final class Taking extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Boolean> taken = new CompletableFuture<>();
    private final StringBuilder names = new StringBuilder();
    private List<String> keys = List.of();
    private int received;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      say(ctx, TAKE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof FileDescriptor descriptor) {
        ListeningSockets.ofThisProcess().inherit(keys.get(received), descriptor);
        received++;
      } else if (message instanceof ByteBuf bytes) {
        names.append(bytes.toString(StandardCharsets.US_ASCII));
        bytes.release();
        if (names.length() == 1 || names.indexOf("\n\n") >= 0) {
          keys = names.toString().strip().lines().toList();
          // Only now: a descriptor that is read as bytes is lost.
          ((DomainSocketChannelConfig) ctx.channel().config())
              .setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
          say(ctx, DESCRIPTORS);
        }
      } else {
        ReferenceCountUtil.release(message);
      }
      if (received == keys.size() && names.length() > 0) {
        taken.complete(true);
      }
    }

    private static void say(ChannelHandlerContext ctx, byte word) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {word}))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      taken.completeExceptionally(new IOException("it has gone"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      taken.completeExceptionally(cause);
      ctx.close();
    }
  }
}
