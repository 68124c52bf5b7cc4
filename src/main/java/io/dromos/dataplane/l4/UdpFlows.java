package io.dromos.dataplane.l4;

import io.dromos.dataplane.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The client side of a UDP VIP. Datagrams of one client address are one flow: they go to one
 * backend, through a socket of the flow's own, until it is idle for 30 seconds, the backend leaves
 * the snapshot or refuses. Everything runs on the loop of the listening channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class UdpFlows extends SimpleChannelInboundHandler<DatagramPacket> {
  static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  static final int MAX_FLOWS = 4_096;
  private static final int MAX_DATAGRAM = 65_535;

  private static final class Flow {
    final Target target;
    final Channel back;
    long usedAt;

    Flow(Target target, Channel back, long now) {
      this.target = target;
      this.back = back;
      this.usedAt = now;
    }
  }

  private final Transport transport;
  private final Balancer balancer;
  private final L4Stats stats;
  private final Map<InetSocketAddress, Flow> flows = new HashMap<>();

  UdpFlows(Transport transport, Balancer balancer, L4Stats stats) {
    this.transport = transport;
    this.balancer = balancer;
    this.stats = stats;
  }

  static FixedRecvByteBufAllocator receiveBuffers() {
    return new FixedRecvByteBufAllocator(MAX_DATAGRAM);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.executor().scheduleAtFixedRate(this::closeIdle, 5, 5, TimeUnit.SECONDS);
    ctx.fireChannelActive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
    InetSocketAddress client = packet.sender();
    Flow flow = flows.get(client);
    if (flow != null && (!flow.back.isActive() || !balancer.lists(flow.target))) {
      flow.back.close();
      flow = null;
    }
    if (flow == null) {
      open(ctx.channel(), client, packet.content().retain());
    } else {
      flow.usedAt = System.nanoTime();
      flow.back.writeAndFlush(packet.content().retain());
    }
  }

  private void open(Channel front, InetSocketAddress client, ByteBuf first) {
    Target target = flows.size() < MAX_FLOWS ? balancer.take(List.of()) : null;
    if (target == null) {
      stats.refused.increment();
      first.release();
      return;
    }
    stats.accepted.increment();
    ChannelFuture connecting =
        new Bootstrap()
            .group(front.eventLoop())
            .channel(transport.datagramChannel())
            .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
            .handler(new Answers(front, client, target))
            .connect(target.address());
    Flow flow = new Flow(target, connecting.channel(), System.nanoTime());
    flows.put(client, flow);
    flow.back
        .closeFuture()
        .addListener(
            closed -> {
              balancer.release(target);
              stats.closed.increment();
              flows.remove(client, flow);
            });
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            flow.back.writeAndFlush(first);
          } else {
            first.release();
            failed(target);
          }
        });
  }

  private void failed(Target target) {
    balancer.failed(target);
    stats.connectFailures.increment();
  }

  private void closeIdle() {
    long now = System.nanoTime();
    List<Flow> idle =
        flows.values().stream().filter(flow -> now - flow.usedAt > IDLE_NANOS).toList();
    idle.forEach(flow -> flow.back.close());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    List.copyOf(flows.values()).forEach(flow -> flow.back.close());
    ctx.fireChannelInactive();
  }

  /** The backend side of one flow. */
  private final class Answers extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Channel front;
    private final InetSocketAddress client;
    private final Target target;

    Answers(Channel front, InetSocketAddress client, Target target) {
      this.front = front;
      this.client = client;
      this.target = target;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      Flow flow = flows.get(client);
      if (flow != null) {
        flow.usedAt = System.nanoTime();
      }
      balancer.succeeded(target);
      front.writeAndFlush(new DatagramPacket(packet.content().retain(), client));
    }

    /** Port unreachable: the client's next datagram opens a new flow. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failed(target);
      ctx.close();
    }
  }
}
