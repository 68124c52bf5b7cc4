package io.dromos.dataplane.l4;

import io.dromos.app.Protocol;
import io.dromos.dataplane.Transport;
import io.dromos.routing.Vip;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The listening socket of one VIP, with the balancer of its backends. */
final class VipListener {
  private final Vip vip;
  private final Transport transport;
  private final L4Stats stats;
  private final Balancer balancer = new Balancer(System::nanoTime);
  private @Nullable Channel channel;

  VipListener(Vip vip, Transport transport, L4Stats stats) {
    this.vip = vip;
    this.transport = transport;
    this.stats = stats.of(vip);
  }

  Balancer balancer() {
    return balancer;
  }

  /** Opens the socket; returns why it could not, or null. */
  @Nullable Throwable open() {
    ChannelFuture binding = vip.protocol() == Protocol.TCP ? bindTcp() : bindUdp();
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      return binding.cause();
    }
    channel = binding.channel();
    return null;
  }

  private ChannelFuture bindTcp() {
    return transport.listen(
        new ServerBootstrap()
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, FrontHandler.WATER_MARK)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, FrontHandler.READS)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel front) {
                    front.pipeline().addLast(new FrontHandler(transport, balancer, stats));
                  }
                }),
        at());
  }

  private ChannelFuture bindUdp() {
    return transport.listen(
        new Bootstrap()
            .option(ChannelOption.RECVBUF_ALLOCATOR, UdpFlows.receiveBuffers())
            .handler(new UdpFlows(transport, balancer, stats)),
        at());
  }

  private InetSocketAddress at() {
    return new InetSocketAddress(vip.localAddress(), vip.port());
  }

  /** Takes nothing new; a UDP socket stays open for the answers of the flows that hang on it. */
  void drain() {
    if (vip.protocol() == Protocol.TCP) {
      close();
    } else if (channel != null) {
      channel.config().setAutoRead(false);
    }
  }

  /** Stops listening; established connections go on. UDP flows end, as they hang on the socket. */
  void close() {
    if (channel != null) {
      channel.close().awaitUninterruptibly();
    }
  }
}
