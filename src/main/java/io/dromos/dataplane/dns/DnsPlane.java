package io.dromos.dataplane.dns;

import io.dromos.dataplane.BindFailure;
import io.dromos.dataplane.Transport;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The name server of this node, over UDP and TCP. It opens its sockets with the first snapshot, so
 * that it never denies a name it has not heard of yet, and answers from the newest one.
 */
public final class DnsPlane implements DataPlane {
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int IDLE_SECONDS = 10;

  private final Transport transport;
  private final ServedVips served;
  private final String address;
  private final int port;
  private final DnsStats stats = new DnsStats();
  private final QueryHandler queries;
  private volatile Zones zones;
  private @Nullable Channel udp;
  private @Nullable Channel tcp;

  /**
   * Uses and, at the end, closes {@code transport}, of which one loop is enough.
   *
   * @param served which VIP names may be answered now
   * @param upstreams servers for other names; none: they are answered SERVFAIL
   */
  public DnsPlane(
      Transport transport,
      ServedVips served,
      String address,
      int port,
      List<InetSocketAddress> upstreams) {
    this(transport, served, address, port, upstreams, 5_000, 10_000);
  }

  DnsPlane(
      Transport transport,
      ServedVips served,
      String address,
      int port,
      List<InetSocketAddress> upstreams,
      long attemptMillis,
      long overallMillis) {
    this.transport = transport;
    this.served = served;
    this.address = address;
    this.port = port;
    this.zones = new Zones(RoutingSnapshot.EMPTY, served, address);
    this.queries =
        new QueryHandler(
            () -> zones, new Forwarder(transport, upstreams, attemptMillis, overallMillis), stats);
  }

  /**
   * The plane that the settings ask for; none with port 0.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  public static Optional<DnsPlane> of(Settings settings, ServedVips served) {
    int port = settings.integer(Setting.DNS_PORT, 0, 65_535);
    if (port == 0) {
      return Optional.empty();
    }
    String address = settings.text(Setting.DNS_ADDRESS);
    List<InetSocketAddress> upstreams =
        Upstreams.of(settings, Path.of("/etc/resolv.conf"), new InetSocketAddress(address, port));
    return Optional.of(new DnsPlane(Transport.start("dns", 1), served, address, port, upstreams));
  }

  @Override
  public String name() {
    return "dns";
  }

  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) {
    zones = new Zones(next, served, address);
    Map<String, String> degraded = new HashMap<>();
    if (udp == null) {
      udp = opened("udp", bindUdp(), degraded);
    }
    if (tcp == null) {
      tcp = opened("tcp", bindTcp(), degraded);
    }
    return new PlaneReport(degraded);
  }

  private @Nullable Channel opened(
      String protocol, ChannelFuture binding, Map<String, String> degraded) {
    binding.awaitUninterruptibly();
    if (binding.isSuccess()) {
      return binding.channel();
    }
    degraded.put(
        address + ":" + port + "/" + protocol,
        "the name server: "
            + BindFailure.sentence(address, port, binding.cause())
            + " ("
            + Setting.DNS_PORT.key()
            + ")");
    return null;
  }

  private ChannelFuture bindUdp() {
    return transport.listen(
        new Bootstrap()
            // The default holds about 270 queries and drops the rest of a burst.
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .handler(new UdpQueries(queries)),
        new InetSocketAddress(address, port));
  }

  private ChannelFuture bindTcp() {
    return transport.listen(
        new ServerBootstrap()
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client
                        .pipeline()
                        .addLast(new IdleStateHandler(IDLE_SECONDS, 0, 0, TimeUnit.SECONDS))
                        .addLast(new LengthFieldBasedFrameDecoder(Dns.TCP_LIMIT + 2, 0, 2, 0, 2))
                        .addLast(new LengthFieldPrepender(2))
                        .addLast(new TcpQueries(queries));
                  }
                }),
        new InetSocketAddress(address, port));
  }

  public DnsStats stats() {
    return stats;
  }

  @Override
  public void close() {
    transport.close();
  }
}
