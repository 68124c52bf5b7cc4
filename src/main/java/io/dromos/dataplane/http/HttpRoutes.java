package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Backend;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.Vip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot, indexed for lookups by host, VIP name and port. Immutable. A request takes it once
 * and keeps it to its end.
 */
final class HttpRoutes {
  /** Names under this are VIPs and nothing else, so an unknown one is answered here. */
  static final String VIP_ZONE = ".l4lb.thisdcos.directory";

  /** Where nothing speaks https, nobody is sent there. */
  static final int NO_HTTPS = 0;

  /** The API's own names: no app can take them, whatever a snapshot says. */
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "::1");

  /** Where routes and backends keep their counts, over snapshots. */
  interface Books {
    BackendLoad loadOf(Backend backend);

    /**
     * {@code app} is null for a VIP without backends; {@code service} is the edge service behind
     * the route, empty for a VIP.
     */
    Meter meterOf(String route, @Nullable AppId app, String service);
  }

  /** A service port with its mode. */
  record Entry(ServicePort.Mode mode, Frontend frontend) {}

  private final RoutingSnapshot snapshot;
  private final VhostIndex vhosts;
  private final Map<String, TreeMap<Integer, Frontend>> vips = new HashMap<>();
  private final Map<Integer, Entry> servicePorts = new HashMap<>();

  private HttpRoutes(RoutingSnapshot snapshot, Books books) {
    this.snapshot = snapshot;
    this.vhosts =
        new VhostIndex(
            snapshot.vhosts(),
            route -> {
              String name = "vhost " + route.host() + (route.path() == null ? "" : route.path());
              return frontend(name, route.service(), books);
            });
  }

  /** Indexes a snapshot. Of two services on one port the first in snapshot order wins. */
  static HttpRoutes of(RoutingSnapshot snapshot, Books books) {
    HttpRoutes routes = new HttpRoutes(snapshot, books);
    for (Vip vip : snapshot.vips()) {
      if (vip.protocol() == Protocol.TCP) {
        AppId app = vip.backends().isEmpty() ? null : vip.backends().get(0).app();
        routes
            .vips
            .computeIfAbsent(vip.name(), name -> new TreeMap<>())
            .put(vip.port(), frontend("vip " + vip.key(), app, vip.backends(), books));
      }
    }
    for (ServicePort port : snapshot.servicePorts()) {
      routes.servicePorts.putIfAbsent(
          port.port(),
          new Entry(port.mode(), frontend("service port " + port.port(), port.service(), books)));
    }
    return routes;
  }

  private static Frontend frontend(String name, EdgeService service, Books books) {
    List<Target> targets = targets(service.backends(), books);
    return new Frontend(
        name,
        service.app(),
        targets,
        FrontRules.of(service.policy(), targets),
        books.meterOf(name, service.app(), service.name()));
  }

  private static List<Target> targets(List<Backend> backends, Books books) {
    return backends.stream().map(backend -> Target.of(backend, books.loadOf(backend))).toList();
  }

  private static Frontend frontend(
      String name, @Nullable AppId app, List<Backend> backends, Books books) {
    return new Frontend(
        name, app, targets(backends, books), FrontRules.PLAIN, books.meterOf(name, app, ""));
  }

  RoutingSnapshot snapshot() {
    return snapshot;
  }

  Map<Integer, Entry> servicePorts() {
    return servicePorts;
  }

  @Nullable Entry servicePort(int port) {
    return servicePorts.get(port);
  }

  /**
   * On a public vhost port: first route of that host whose path is a prefix; else nowhere.
   *
   * @param serverName name that the client asked for before its request, as TLS lets it; counts
   *     where Host names no virtual host (marathon-lb reference, 19, 4); null for none
   * @param httpsPort where redirects to https point to, or {@link #NO_HTTPS}
   */
  RouteDecision vhost(
      RequestHead head, HeaderRewrite.Origin origin, @Nullable String serverName, int httpsPort) {
    String name = head.host().host();
    String used = serverName == null || vhosts.knows(name) ? name : serverName;
    return vhosts.decide(used, head, origin, httpsPort);
  }

  /** On a service port in HTTP mode: whatever the host and path. */
  RouteDecision service(int port, RequestHead head, HeaderRewrite.Origin origin) {
    Entry entry = servicePorts.get(port);
    return entry == null
        ? new RouteDecision.Nowhere("no app is published on this port any more")
        : enter(entry.frontend(), head, origin);
  }

  /** Past the rules that hold wherever a request enters. */
  static RouteDecision enter(Frontend frontend, RequestHead head, HeaderRewrite.Origin origin) {
    OwnAnswer answer = frontend.rules().answer(head, origin);
    return answer == null
        ? new RouteDecision.Found(frontend)
        : new RouteDecision.Answered(answer, frontend);
  }

  /**
   * On the API's port: a VIP name with its port (80 if none was sent), or a vhost; an unknown name
   * of the VIP zone leads nowhere, every other name is not ours.
   */
  boolean names(HostPort host) {
    String name = host.host();
    return !OWN_NAMES.contains(name)
        && (vips.containsKey(name) || name.endsWith(VIP_ZONE) || vhosts.knows(name));
  }

  /** Where a request goes whose host is {@linkplain #names one of ours}. */
  RouteDecision named(RequestHead head, HeaderRewrite.Origin origin) {
    HostPort host = head.host();
    String name = host.host();
    if (!names(host)) {
      return new RouteDecision.NotOurs();
    }
    TreeMap<Integer, Frontend> ports = vips.get(name);
    Frontend frontend = ports == null ? null : ports.get(host.portOr(80));
    if (frontend != null) {
      return new RouteDecision.Found(frontend);
    }
    if (vhosts.knows(name)) {
      return vhost(head, origin, null, NO_HTTPS);
    }
    return new RouteDecision.Nowhere(
        ports == null
            ? "no VIP " + name + " on this cluster"
            : "VIP "
                + name
                + " has no port "
                + host.portOr(80)
                + "; it has "
                + String.join(", ", ports.keySet().stream().map(String::valueOf).toList()));
  }
}
