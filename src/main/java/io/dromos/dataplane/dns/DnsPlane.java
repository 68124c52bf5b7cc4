package io.dromos.dataplane.dns;

import io.dromos.dataplane.BindFailure;
import io.dromos.dataplane.Transport;
import io.dromos.dataplane.stats.Measured;
import io.dromos.dataplane.stats.Measurements;
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
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The name server of this node, over UDP and TCP. It opens its sockets with the first snapshot, so
 * that it never denies a name it has not heard of yet, and answers from the newest one. All its
 * sockets are on one loop: a second costs more than it gives.
 */
public final class DnsPlane implements DataPlane, Measured {
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int LARGEST_DATAGRAM = 2_048;
  private static final int DATAGRAMS_A_TIME = 64;
  private static final int IDLE_MILLIS = 10_000;

  private final Transport transport;
  private final ServedVips served;
  private final DnsConfig config;
  private final TaskListeners tasks;
  private final DnsStats stats = new DnsStats();
  private final QueryHandler queries;
  private final TcpClients clients;
  private final Map<InetSocketAddress, Channel> udp = new HashMap<>();
  private final Map<InetSocketAddress, Channel> tcp = new HashMap<>();
  private volatile Zones zones;

  /**
   * Uses and, at the end, closes {@code transport}, which must have one loop: everything here is
   * confined to it.
   *
   * @param served which VIP names may be answered now
   */
  DnsPlane(Transport transport, ServedVips served, DnsConfig config) {
    this(transport, served, config, TaskListeners.none());
  }

  private DnsPlane(Transport transport, ServedVips served, DnsConfig config, TaskListeners tasks) {
    this.tasks = tasks;
    this.transport = transport;
    this.served = served;
    this.config = config;
    this.zones = new Zones(RoutingSnapshot.EMPTY, served, List.of(), Map.of());
    this.queries = new QueryHandler(() -> zones, served, config, transport, stats);
    this.clients = new TcpClients(transport.group().next(), IDLE_MILLIS);
  }

  /**
   * The plane that the settings ask for; none with port 0.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  public static Optional<DnsPlane> of(Settings settings, ServedVips served) {
    if (settings.integer(Setting.DNS_PORT, 0, 65_535) == 0) {
      return Optional.empty();
    }
    DnsConfig config = DnsConfig.from(settings);
    return Optional.of(
        new DnsPlane(Transport.start("dns", 1), served, config, TaskListeners.of(settings)));
  }

  @Override
  public String name() {
    return "dns";
  }

  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) {
    Set<InetSocketAddress> wanted = new LinkedHashSet<>();
    config.listeners().forEach(listener -> wanted.addAll(concrete(listener)));
    wanted.addAll(tasks.now());
    List<byte[]> own =
        wanted.stream().map(listener -> listener.getAddress().getAddress()).distinct().toList();
    zones = new Zones(next, served, own, config.components());
    Map<String, String> degraded = new HashMap<>();
    for (InetSocketAddress listener : wanted) {
      if (!udp.containsKey(listener)) {
        open(listener, "udp", bindUdp(listener), udp, degraded);
      }
      if (!tcp.containsKey(listener)) {
        open(listener, "tcp", bindTcp(listener), tcp, degraded);
      }
    }
    closeOthers(udp, wanted);
    closeOthers(tcp, wanted);
    return new PlaneReport(degraded);
  }

  /**
   * The addresses that a wildcard stands for now. A wildcard socket would answer UDP from another
   * address than it was asked at, and would keep VIPs from their port.
   */
  private static List<InetSocketAddress> concrete(InetSocketAddress listener) {
    if (!listener.getAddress().isAnyLocalAddress()) {
      return List.of(listener);
    }
    List<InetSocketAddress> found = new ArrayList<>();
    boolean both = listener.getAddress().getAddress().length == 16;
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> both || address.getAddress().length == 4)
          .filter(address -> !address.isLinkLocalAddress())
          .forEach(address -> found.add(at(address, listener.getPort())));
    } catch (SocketException e) {
      // Interfaces cannot be listed: then as it was asked for.
      return List.of(listener);
    }
    return found.isEmpty() ? List.of(listener) : found;
  }

  /** Without the name of an interface, so that the same address is the same listener. */
  private static InetSocketAddress at(InetAddress address, int port) {
    return new InetSocketAddress(Zones.inet(address.getAddress()), port);
  }

  private static void open(
      InetSocketAddress listener,
      String protocol,
      ChannelFuture binding,
      Map<InetSocketAddress, Channel> channels,
      Map<String, String> degraded) {
    binding.awaitUninterruptibly();
    if (binding.isSuccess()) {
      channels.put(listener, binding.channel());
      return;
    }
    String address = listener.getAddress().getHostAddress();
    degraded.put(
        address + ":" + listener.getPort() + "/" + protocol,
        "the name server: "
            + BindFailure.sentence(address, listener.getPort(), binding.cause())
            + " ("
            + Setting.DNS_PORT.key()
            + ")");
  }

  private static void closeOthers(
      Map<InetSocketAddress, Channel> channels, Set<InetSocketAddress> wanted) {
    channels
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                entry.getValue().close().awaitUninterruptibly();
              }
              return gone;
            });
  }

  private ChannelFuture bindUdp(InetSocketAddress listener) {
    return transport.listen(
        new Bootstrap()
            // The default holds about 270 queries and drops the rest of a burst.
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(ChannelOption.RECVBUF_ALLOCATOR, datagrams())
            .handler(new UdpQueries(queries, stats)),
        listener);
  }

  /**
   * Reads on until there is no datagram left, many at a wake-up. By itself Netty stops after the
   * first that does not fill its buffer, which no query does; sleeping and waking for every single
   * one took a third of the processor time of a query.
   */
  private static RecvByteBufAllocator datagrams() {
    return new FixedRecvByteBufAllocator(LARGEST_DATAGRAM)
        .respectMaybeMoreData(false)
        .maxMessagesPerRead(DATAGRAMS_A_TIME);
  }

  private ChannelFuture bindTcp(InetSocketAddress listener) {
    return transport.listen(
        new ServerBootstrap()
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client.pipeline().addLast(new TcpQueries(queries, clients));
                  }
                }),
        listener);
  }

  /** Questions that were read are answered; connections end by themselves when they are idle. */
  @Override
  public synchronized void drain() {
    udp.values().forEach(channel -> channel.config().setAutoRead(false));
    tcp.values().forEach(channel -> channel.close().awaitUninterruptibly());
  }

  @Override
  public long open() {
    return transport.channels() - udp.size();
  }

  public DnsStats stats() {
    return stats;
  }

  @Override
  public void measure(Measurements to) {
    stats
        .byOutcome()
        .forEach(
            (outcome, count) ->
                to.counter(
                    "dromos_dns_queries_total",
                    "Queries by how they ended; forward_failed are forwarded ones.",
                    count,
                    "plane",
                    name(),
                    "outcome",
                    outcome));
  }

  @Override
  public void close() {
    transport.close();
  }
}
