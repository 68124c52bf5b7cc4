package io.dromos.dataplane.http;

import io.dromos.dataplane.BindFailure;
import io.dromos.dataplane.stats.Measured;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.stats.StatRow;
import io.dromos.platform.Setting;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.netty.channel.socket.SocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The public frontends: one listener for virtual hosts and one for each service port. Knows routes
 * and nothing else, so the API and the console cannot be reached through it. Each request looks at
 * the current snapshot once; a new snapshot never touches a connection.
 */
public final class EdgePlane implements DataPlane, Measured {
  private static final Logger LOG = System.getLogger(EdgePlane.class.getName());

  private final EdgeConfig config;
  private final ProxyCore core;
  private final EdgeListeners listeners;
  private final EdgeRows rows;
  private final Set<String> said = new HashSet<>();
  private volatile HttpRoutes routes;
  private volatile AppIds appIds = AppIds.NONE;
  private volatile int httpPort;
  private int appIdPort;
  private boolean appIdPortAsked;
  private boolean closed;

  public EdgePlane(EdgeConfig config) {
    this.config = config;
    this.core = new ProxyCore("edge", config.threads(), config.limits());
    this.listeners = new EdgeListeners(core.loops());
    this.rows = new EdgeRows(core.counters(), core.picker());
    this.routes = core.index(RoutingSnapshot.EMPTY);
  }

  /**
   * Has the edge also listen for requests that name their app in a header. To be called before the
   * first snapshot.
   *
   * @param port 0 for none
   * @param asked somebody chose this port, so that it is a fault when it cannot be had
   */
  public EdgePlane serveAppIds(int port, boolean asked) {
    appIdPort = port;
    appIdPortAsked = asked;
    return this;
  }

  @Override
  public String name() {
    return "edge";
  }

  /** Port virtual hosts are served on; empty before the first snapshot or where none is free. */
  public OptionalInt httpPort() {
    return httpPort == 0 ? OptionalInt.empty() : OptionalInt.of(httpPort);
  }

  public ProxyCounters counters() {
    return core.counters();
  }

  @Override
  public void measure(Measurements to) {
    ProxyMeasures.add(name(), core.counters(), to);
  }

  @Override
  public List<StatRow> rows() {
    return rows.of(routes.snapshot());
  }

  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) throws UnknownHostException {
    if (closed) {
      throw new IllegalStateException("the edge is closed");
    }
    List<InetAddress> addresses = EdgeAddresses.of(config.address(), config.vipPool());
    HttpRoutes indexed = core.index(next);
    routes = indexed;
    appIds = AppIds.of(next);
    Map<String, String> degraded = new TreeMap<>();
    Set<InetSocketAddress> wanted = new HashSet<>();
    openVhosts(addresses, wanted, degraded);
    openAppIds(addresses, wanted, degraded);
    for (int port : new TreeSet<>(indexed.servicePorts().keySet())) {
      for (InetAddress address : addresses) {
        InetSocketAddress at = new InetSocketAddress(address, port);
        if (wanted.contains(at)) {
          degraded.put(
              "service port " + port,
              "service port " + port + " is the vhost port of this edge; choose another one");
          continue;
        }
        wanted.add(at);
        Throwable failure = listeners.open(at, channel -> acceptService(channel, port));
        if (failure != null) {
          degraded.put("service port " + port, sentence(at, failure, "another service port"));
        }
      }
    }
    listeners.retain(wanted);
    degraded.forEach(this::sayOnce);
    said.removeIf(
        known -> !degraded.containsValue(known) && !known.contains(Setting.EDGE_APP_ID_PORT.key()));
    return new PlaneReport(degraded);
  }

  private void sayOnce(String frontend, String sentence) {
    if (said.add(sentence)) {
      LOG.log(Level.WARNING, "{0}: {1}", frontend, sentence);
    }
  }

  private void openVhosts(
      List<InetAddress> addresses, Set<InetSocketAddress> wanted, Map<String, String> degraded) {
    List<Integer> ports = httpPort == 0 ? config.ports() : List.of(httpPort);
    Throwable refusal = null;
    for (int port : ports) {
      Map<InetSocketAddress, Throwable> failures = new java.util.LinkedHashMap<>();
      for (InetAddress address : addresses) {
        InetSocketAddress at = new InetSocketAddress(address, port);
        Throwable failure = listeners.open(at, this::acceptVhosts);
        if (failure != null) {
          failures.put(at, failure);
        }
      }
      if (failures.size() == addresses.size()) {
        refusal = failures.values().iterator().next();
        degraded.put(
            "vhosts", sentence(failures.keySet().iterator().next(), refusal, portSetting()));
        continue;
      }
      degraded.remove("vhosts");
      addresses.forEach(address -> wanted.add(new InetSocketAddress(address, port)));
      failures.forEach(
          (at, failure) ->
              degraded.put("vhosts on " + text(at), sentence(at, failure, portSetting())));
      if (httpPort != port) {
        httpPort = port;
        sayPort(port, refusal);
      }
      return;
    }
  }

  private void openAppIds(
      List<InetAddress> addresses, Set<InetSocketAddress> wanted, Map<String, String> degraded) {
    for (InetAddress address : appIdPort == 0 ? List.<InetAddress>of() : addresses) {
      InetSocketAddress at = new InetSocketAddress(address, appIdPort);
      wanted.add(at);
      Throwable failure = listeners.open(at, this::acceptAppIds);
      if (failure != null) {
        String sentence = sentence(at, failure, "another " + Setting.EDGE_APP_ID_PORT.key());
        if (appIdPortAsked) {
          degraded.put("app ids on " + text(at), sentence);
        } else {
          sayOnce("app ids", sentence);
        }
      }
    }
  }

  private void acceptAppIds(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(
            new EdgeConnection(
                core, channel, core.counters().listener(Listening.APP_ID), this::appId));
  }

  private RouteDecision appId(RequestHead head) {
    Integer port = appIds.port(head.headers().first(AppIds.HEADER));
    return port == null
        ? new RouteDecision.Nowhere("no app with this id serves HTTP")
        : service(port);
  }

  private static String portSetting() {
    return "another dromos.edge.http.port";
  }

  private void sayPort(int port, @Nullable Throwable refusal) {
    if (refusal == null) {
      LOG.log(Level.INFO, "edge serves virtual hosts on {0} port {1}", config.address(), "" + port);
    } else {
      LOG.log(
          Level.WARNING,
          "edge serves virtual hosts on {0} port {1}, since port {2} may not be bound ({3}). To use"
              + " port {2}: free it and allow it, for example with sysctl"
              + " net.ipv4.ip_unprivileged_port_start=80, then start again",
          config.address(),
          "" + port,
          "" + EdgeConfig.DEFAULT_PORT,
          Reasons.of(refusal));
    }
  }

  private static String sentence(InetSocketAddress at, Throwable failure, String other) {
    return BindFailure.sentence(at.getAddress().getHostAddress(), at.getPort(), failure)
        + "; or choose "
        + other;
  }

  private static String text(InetSocketAddress at) {
    return at.getAddress().getHostAddress() + ":" + at.getPort();
  }

  private void acceptVhosts(SocketChannel channel) {
    channel
        .pipeline()
        .addLast(
            new EdgeConnection(
                core,
                channel,
                core.counters().listener(Listening.HTTP),
                head -> routes.vhost(head.host(), head.path())));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
  private void acceptService(SocketChannel channel, int port) {
    Meter meter = core.counters().listener(Listening.servicePort(port));
    HttpRoutes.Entry entry = routes.servicePort(port);
    if (entry == null) {
      channel.close();
    } else if (entry.mode() == ServicePort.Mode.TCP) {
      channel.pipeline().addLast(new TcpConnection(core, channel, entry.frontend(), meter));
    } else {
      channel.pipeline().addLast(new EdgeConnection(core, channel, meter, head -> service(port)));
    }
  }

  private RouteDecision service(int port) {
    HttpRoutes.Entry entry = routes.servicePort(port);
    return entry == null
        ? new RouteDecision.Nowhere("no app is published on this port any more")
        : new RouteDecision.Found(entry.frontend());
  }

  /** Each client connection is told with its next answer that it ends. */
  @Override
  public synchronized void drain() {
    core.drain();
    listeners.retain(Set.of());
  }

  @Override
  public long open() {
    return core.loops().channels();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      listeners.retain(Set.of());
      core.close();
    }
  }
}
