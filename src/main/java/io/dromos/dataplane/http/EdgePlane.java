package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Measured;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.stats.StatRow;
import io.dromos.dataplane.tls.Certificates;
import io.dromos.dataplane.tls.ServedCredential;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The public frontends: virtual hosts with and without TLS, and one listener for each service port.
 * Knows routes and nothing else, so the API and the console cannot be reached through it. Each
 * request looks at the current snapshot once; neither a new snapshot nor a new certificate ever
 * touches a connection.
 */
public final class EdgePlane implements DataPlane, Measured {
  private static final Logger LOG = System.getLogger(EdgePlane.class.getName());

  /** What the edge does for one snapshot beside its routes. */
  private record Openings(Map<Integer, ServicePort> ports, Map<String, String> certificates) {}

  private final EdgeConfig config;
  private final ProxyCore core;
  private final EdgeDoor door;
  private final EdgeListeners listeners;
  private final Certificates certificates;
  private final FixedPort http;
  private final FixedPort https;
  private final EdgeRows rows;
  private final Set<String> said = new HashSet<>();
  private volatile HttpRoutes routes;
  private volatile Openings openings = new Openings(Map.of(), Map.of());
  private volatile AppIds appIds = AppIds.NONE;
  private int appIdPort;
  private boolean appIdPortAsked;
  private boolean applied;
  private boolean closed;

  public EdgePlane(EdgeConfig config) {
    this.config = config;
    this.core = new ProxyCore("edge", config.threads(), config.limits());
    this.door = new EdgeDoor(core);
    this.listeners = new EdgeListeners(core.loops(), config.maxConnections());
    this.rows = new EdgeRows(core.counters(), core.picker());
    this.routes = core.index(RoutingSnapshot.EMPTY);
    this.http =
        new FixedPort(
            "vhosts",
            "virtual hosts",
            Setting.EDGE_HTTP_PORT.key(),
            config.ports(),
            this::acceptVhosts);
    this.https =
        new FixedPort(
            "https",
            "virtual hosts under TLS",
            Setting.EDGE_HTTPS_PORT.key(),
            config.httpsPorts(),
            this::acceptTls);
    this.certificates = new Certificates(config.tls(), !config.httpsPorts().isEmpty());
    this.certificates.watch(this::certificatesChanged);
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
    return http.port();
  }

  /** As {@link #httpPort}, under TLS. */
  public OptionalInt httpsPort() {
    return https.port();
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
    routes = core.index(next);
    appIds = AppIds.of(next);
    Map<Integer, ServicePort> ports = new TreeMap<>();
    next.servicePorts().forEach(port -> ports.putIfAbsent(port.port(), port));
    Map<String, String> unusable = certificates.require(references(ports));
    openings = new Openings(ports, byHost(ports));
    applied = true;
    Map<String, String> degraded = new TreeMap<>();
    Set<InetSocketAddress> wanted = new HashSet<>();
    http.open(listeners, addresses, wanted, degraded);
    if (certificates.named(null) != null) {
      https.open(listeners, addresses, wanted, degraded);
    } else if (!config.httpsPorts().isEmpty()) {
      degraded.put("https", "no certificate can be presented; the log says why");
    }
    openAppIds(addresses, wanted, degraded);
    for (ServicePort port : ports.values()) {
      openService(port, addresses, unusable, wanted, degraded);
    }
    listeners.retain(wanted);
    degraded.forEach(this::sayOnce);
    said.removeIf(
        known -> !degraded.containsValue(known) && !known.contains(Setting.EDGE_APP_ID_PORT.key()));
    return new PlaneReport(degraded);
  }

  private void openService(
      ServicePort port,
      List<InetAddress> addresses,
      Map<String, String> unusable,
      Set<InetSocketAddress> wanted,
      Map<String, String> degraded) {
    int number = port.port();
    String frontend = "service port " + number;
    String reference = port.certificate();
    if (reference != null && certificates.labelled(reference) == null) {
      degraded.put(
          frontend,
          frontend
              + " is not opened: HAPROXY_"
              + port.portIndex()
              + "_SSL_CERT of "
              + port.app()
              + ": "
              + unusable.getOrDefault(reference, "no such certificate"));
      return;
    }
    for (InetAddress address : addresses) {
      InetSocketAddress at = new InetSocketAddress(address, number);
      if (wanted.contains(at)) {
        degraded.put(frontend, frontend + " is a vhost port of this edge; choose another one");
        continue;
      }
      wanted.add(at);
      Throwable failure = listeners.open(at, channel -> acceptService(channel, number));
      if (failure != null) {
        degraded.put(frontend, FixedPort.sentence(at, failure, "another service port"));
      }
    }
  }

  private void openAppIds(
      List<InetAddress> addresses, Set<InetSocketAddress> wanted, Map<String, String> degraded) {
    for (InetAddress address : appIdPort == 0 ? List.<InetAddress>of() : addresses) {
      InetSocketAddress at = new InetSocketAddress(address, appIdPort);
      wanted.add(at);
      Throwable failure = listeners.open(at, this::acceptAppIds);
      if (failure != null) {
        String sentence =
            FixedPort.sentence(at, failure, "another " + Setting.EDGE_APP_ID_PORT.key());
        if (appIdPortAsked) {
          degraded.put("app ids on " + FixedPort.text(at), sentence);
        } else {
          sayOnce("app ids", sentence);
        }
      }
    }
  }

  private void acceptAppIds(SocketChannel channel) {
    Meter meter = core.counters().listener(Listening.APP_ID);
    door.http(channel, false, meter, arrival -> this::appId);
  }

  private RouteDecision appId(RequestHead head) {
    Integer port = appIds.port(head.headers().first(AppIds.HEADER));
    return port == null
        ? new RouteDecision.Nowhere("no app with this id serves HTTP")
        : service(port);
  }

  private static Set<String> references(Map<Integer, ServicePort> ports) {
    return ports.values().stream()
        .map(ServicePort::certificate)
        .filter(java.util.Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** The certificate a label names is presented for the virtual hosts of its port as well. */
  private static Map<String, String> byHost(Map<Integer, ServicePort> ports) {
    Map<String, String> references = new HashMap<>();
    for (ServicePort port : ports.values()) {
      String reference = port.certificate();
      if (reference != null) {
        port.service().policy().hosts().forEach(host -> references.putIfAbsent(host, reference));
      }
    }
    return references;
  }

  private void sayOnce(String frontend, String sentence) {
    if (said.add(sentence)) {
      LOG.log(Level.WARNING, "{0}: {1}", frontend, sentence);
    }
  }

  /** A port that waited for its certificate can be opened without waiting for another snapshot. */
  private synchronized void certificatesChanged() {
    if (closed || !applied) {
      return;
    }
    try {
      apply(routes.snapshot());
    } catch (UnknownHostException e) {
      LOG.log(Level.WARNING, "edge: {0}", e.getMessage());
    }
  }

  private void acceptVhosts(SocketChannel channel) {
    Meter meter = core.counters().listener(Listening.HTTP);
    door.http(channel, false, meter, this::vhosts);
  }

  private void acceptTls(SocketChannel channel) {
    Meter meter = core.counters().listener(Listening.HTTPS);
    door.https(channel, false, meter, this::credential, this::vhosts);
  }

  /** By Host; under TLS the name the client asked a certificate for does as well. */
  private EdgeDoor.Requests vhosts(Arrival arrival) {
    String serverName = arrival.serverName();
    if (serverName == null) {
      return head -> routes.vhost(head.host(), head.path());
    }
    HostPort asked = new HostPort(serverName, 0);
    return head -> {
      HttpRoutes now = routes;
      RouteDecision byHost = now.vhost(head.host(), head.path());
      return byHost instanceof RouteDecision.Nowhere && !now.knows(head.host())
          ? now.vhost(asked, head.path())
          : byHost;
    };
  }

  private @Nullable ServedCredential credential(@Nullable String serverName) {
    String reference = serverName == null ? null : openings.certificates().get(serverName);
    ServedCredential labelled = reference == null ? null : certificates.labelled(reference);
    return labelled == null ? certificates.named(serverName) : labelled;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
  private void acceptService(SocketChannel channel, int number) {
    Meter meter = core.counters().listener(Listening.servicePort(number));
    HttpRoutes.Entry entry = routes.servicePort(number);
    ServicePort port = openings.ports().get(number);
    if (entry == null || port == null) {
      channel.close();
      return;
    }
    String reference = port.certificate();
    EdgeDoor.Credentials own = reference == null ? null : name -> certificates.labelled(reference);
    boolean proxied = port.acceptProxy();
    if (entry.mode() == ServicePort.Mode.TCP) {
      door.tcp(
          channel,
          proxied,
          own,
          inside ->
              inside.pipeline().addLast(new TcpConnection(core, inside, entry.frontend(), meter)));
    } else if (own == null) {
      door.http(channel, proxied, meter, arrival -> head -> service(number));
    } else {
      door.https(channel, proxied, meter, own, arrival -> head -> service(number));
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
      certificates.close();
      listeners.retain(Set.of());
      core.close();
    }
  }
}
