package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Measured;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.stats.StatRow;
import io.dromos.dataplane.tls.Certificates;
import io.dromos.dataplane.tls.ServedCredential;
import io.dromos.platform.Setting;
import io.dromos.routing.ClientNetworks;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.netty.channel.Channel;
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

  /** Where redirects to https point to: the port that is open, or none. */
  private volatile int securePort = HttpRoutes.NO_HTTPS;

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
    boolean secure = false;
    if (certificates.named(null) != null) {
      secure = https.open(listeners, addresses, wanted, degraded);
    } else if (!config.httpsPorts().isEmpty()) {
      degraded.put("https", "no certificate can be presented; the log says why");
    }
    securePort = secure ? https.port().orElse(HttpRoutes.NO_HTTPS) : HttpRoutes.NO_HTTPS;
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
    List<InetAddress> chosen = bound(port, addresses);
    if (chosen.isEmpty()) {
      degraded.put(
          frontend,
          frontend
              + " is bound to "
              + port.bindAddress()
              + " by a label, where this edge does not listen; change the label HAPROXY_"
              + port.portIndex()
              + "_BIND_ADDR or dromos.edge.address");
    }
    for (InetAddress address : chosen) {
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

  /** Where a service port is opened: a label may choose one of the edge's addresses. */
  private static List<InetAddress> bound(ServicePort port, List<InetAddress> addresses) {
    String only = port.bindAddress();
    if (only == null) {
      return addresses;
    }
    ClientNetworks one = ClientNetworks.parse(List.of(only));
    return addresses.stream().filter(each -> one.contains(each.getAddress())).toList();
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

  private RouteDecision appId(RequestHead head, HeaderRewrite.Origin origin) {
    Integer port = appIds.port(head.headers().first(AppIds.HEADER));
    return port == null
        ? new RouteDecision.Nowhere("no app with this id serves HTTP")
        : routes.service(port, head, origin);
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
  private Admission.Router vhosts(Arrival arrival) {
    return (head, origin) -> routes.vhost(head, origin, arrival.serverName(), securePort);
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
    EdgeDoor.Router router = arrival -> (head, origin) -> routes.service(number, head, origin);
    if (entry.mode() == ServicePort.Mode.TCP) {
      door.tcp(channel, proxied, own, inside -> relay(inside, entry.frontend(), meter));
    } else if (own == null) {
      door.http(channel, proxied, meter, router);
    } else {
      door.https(channel, proxied, meter, own, router);
    }
  }

  /** The client of a PROXY header counts, not the proxy; what it may not reach is closed unsaid. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do after a close
  private void relay(Channel channel, Frontend frontend, Meter meter) {
    String peer = HeaderRewrite.Origin.of(channel).peer();
    FrontRules rules = frontend.rules();
    if (rules.admits(peer)) {
      channel
          .pipeline()
          .addLast(new TcpConnection(core, channel, frontend, rules.choice(peer), meter));
    } else {
      channel.close();
    }
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
