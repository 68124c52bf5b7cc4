package io.dromos.dataplane;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Event loops of one plane and the channel classes that fit them: epoll where its native part
 * loads, NIO elsewhere. Each plane has its own, so that none can starve another.
 */
public final class Transport implements AutoCloseable {
  static {
    // By default Netty takes a stack trace for one of 128 buffers, to find those that are lost.
    // That is for tests, which ask for it by this property and then look at every buffer.
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private final EventLoopGroup group;
  private final boolean epoll;

  private Transport(EventLoopGroup group, boolean epoll) {
    this.group = group;
    this.epoll = epoll;
  }

  /**
   * Starts {@code loops} daemon threads named after the plane; the threads themselves begin with
   * the first channel.
   */
  public static Transport start(String plane, int loops) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new Transport(
        new MultiThreadIoEventLoopGroup(
            loops, new DefaultThreadFactory("dromos-" + plane, true), io),
        epoll);
  }

  /** Whether the native part loads here. */
  public static boolean isNative() {
    return Epoll.isAvailable();
  }

  public EventLoopGroup group() {
    return group;
  }

  public Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  public Class<? extends SocketChannel> socketChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  public Class<? extends DatagramChannel> datagramChannel() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  /**
   * Listens for connections, on a socket of its own or on the one that a predecessor handed over.
   * Every listening socket of a plane is opened here, or a successor could not take it over.
   *
   * @param bootstrap complete but for group and channel, which are set here
   */
  public ChannelFuture listen(ServerBootstrap bootstrap, InetSocketAddress at) {
    return ListeningSockets.ofThisProcess().listen(this, bootstrap, at);
  }

  /** As {@link #listen(ServerBootstrap, InetSocketAddress)}, for datagrams. */
  public ChannelFuture listen(Bootstrap bootstrap, InetSocketAddress at) {
    return ListeningSockets.ofThisProcess().listen(this, bootstrap, at);
  }

  /** Sockets that these loops look after now. */
  public long channels() {
    long channels = 0;
    for (EventExecutor loop : group) {
      channels += ((SingleThreadIoEventLoop) loop).registeredChannels();
    }
    return channels;
  }

  /** {@code epoll} or {@code nio}. */
  public String kind() {
    return epoll ? "epoll" : "nio";
  }

  /** Closes every channel of these loops and waits for the threads, three seconds at most. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
