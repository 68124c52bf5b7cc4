package io.dromos.dataplane;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of this process, which a successor may take over: it gets the descriptors
 * themselves, so that a connection that waits to be accepted, and a datagram that waits to be read,
 * is served by whichever of the two comes first, and none is lost when the first one lets go (ADR
 * 0026). Descriptors belong to the process, hence the one instance.
 */
public final class ListeningSockets {
  private static final Logger LOG = System.getLogger(ListeningSockets.class.getName());
  private static final ListeningSockets OF_THIS_PROCESS = new ListeningSockets();

  private final Map<String, List<Channel>> open = new LinkedHashMap<>();
  private final Map<String, Deque<FileDescriptor>> inherited = new HashMap<>();

  private ListeningSockets() {}

  static ListeningSockets ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /** Puts a descriptor aside for whoever listens on that socket next. */
  synchronized void inherit(String key, FileDescriptor descriptor) {
    inherited.computeIfAbsent(key, any -> new ArrayDeque<>()).add(descriptor);
  }

  /** What is listened on now, as keys with the descriptor of each. */
  synchronized List<Map.Entry<String, FileDescriptor>> toHandOver() {
    List<Map.Entry<String, FileDescriptor>> sockets = new ArrayList<>();
    open.forEach(
        (key, channels) -> {
          for (Channel channel : channels) {
            if (channel instanceof UnixChannel unix && channel.isOpen()) {
              sockets.add(Map.entry(key, new FileDescriptor(unix.fd().intValue())));
            }
          }
        });
    return sockets;
  }

  /** Closes what was inherited and is not wanted: nothing would ever be accepted from it. */
  public static void closeUnclaimed() {
    OF_THIS_PROCESS.closeInherited();
  }

  private synchronized void closeInherited() {
    inherited.forEach(
        (key, descriptors) -> {
          for (FileDescriptor descriptor : descriptors) {
            try {
              descriptor.close();
              LOG.log(Level.INFO, "{0} was taken over and is not served any more", key);
            } catch (IOException e) {
              LOG.log(Level.WARNING, key + " cannot be closed", e);
            }
          }
        });
    inherited.clear();
  }

  ChannelFuture listen(Transport transport, ServerBootstrap bootstrap, InetSocketAddress at) {
    String key = "tcp " + text(at);
    bootstrap.group(transport.group());
    FileDescriptor descriptor = claim(key);
    if (descriptor == null) {
      return opened(key, bootstrap.channel(transport.serverChannel()).bind(at));
    }
    // Accepts only once the pipeline is complete, which register() does not wait for.
    ChannelFuture registered =
        bootstrap
            .option(ChannelOption.AUTO_READ, false)
            .channelFactory(() -> new EpollServerSocketChannel(descriptor.intValue()))
            .register();
    registered.addListener(
        done -> {
          if (done.isSuccess()) {
            Channel channel = registered.channel();
            channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
          }
        });
    return opened(key, registered);
  }

  ChannelFuture listen(Transport transport, Bootstrap bootstrap, InetSocketAddress at) {
    String key = "udp " + text(at);
    bootstrap.group(transport.group());
    FileDescriptor descriptor = claim(key);
    return opened(
        key,
        descriptor == null
            ? bootstrap.channel(transport.datagramChannel()).bind(at)
            : bootstrap
                .channelFactory(() -> new EpollDatagramChannel(descriptor.intValue()))
                .register());
  }

  private synchronized @Nullable FileDescriptor claim(String key) {
    Deque<FileDescriptor> waiting = inherited.get(key);
    return waiting == null ? null : waiting.poll();
  }

  private ChannelFuture opened(String key, ChannelFuture opening) {
    opening.addListener(
        done -> {
          if (done.isSuccess()) {
            keep(key, opening.channel());
          }
        });
    return opening;
  }

  private synchronized void keep(String key, Channel channel) {
    open.computeIfAbsent(key, any -> new ArrayList<>()).add(channel);
    channel.closeFuture().addListener(closed -> forget(key, channel));
  }

  private synchronized void forget(String key, Channel channel) {
    List<Channel> channels = open.get(key);
    if (channels != null) {
      channels.remove(channel);
      if (channels.isEmpty()) {
        open.remove(key);
      }
    }
  }

  private static String text(InetSocketAddress at) {
    return at.getAddress() == null
        ? at.getHostString() + ":" + at.getPort()
        : at.getAddress().getHostAddress() + ":" + at.getPort();
  }
}
