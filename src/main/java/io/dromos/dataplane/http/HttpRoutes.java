package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import io.dromos.routing.Vip;
import java.util.ArrayList;
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

  /** The API's own names: no app can take them, whatever a snapshot says. */
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "::1");

  private record PathRoute(@Nullable String path, Frontend frontend) {}

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
  private final Map<String, List<PathRoute>> vhosts = new HashMap<>();
  private final Map<String, TreeMap<Integer, Frontend>> vips = new HashMap<>();
  private final Map<Integer, Entry> servicePorts = new HashMap<>();

  private HttpRoutes(RoutingSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Indexes a snapshot. Of two services on one port the first in snapshot order wins. */
  static HttpRoutes of(RoutingSnapshot snapshot, Books books) {
    HttpRoutes routes = new HttpRoutes(snapshot);
    for (VhostRoute route : snapshot.vhosts()) {
      String name = "vhost " + route.host() + (route.path() == null ? "" : route.path());
      routes
          .vhosts
          .computeIfAbsent(route.host(), host -> new ArrayList<>())
          .add(
              new PathRoute(
                  route.path(),
                  frontend(name, route.app(), route.service().name(), route.backends(), books)));
    }
    for (Vip vip : snapshot.vips()) {
      if (vip.protocol() == Protocol.TCP) {
        AppId app = vip.backends().isEmpty() ? null : vip.backends().get(0).app();
        routes
            .vips
            .computeIfAbsent(vip.name(), name -> new TreeMap<>())
            .put(vip.port(), frontend("vip " + vip.key(), app, "", vip.backends(), books));
      }
    }
    for (ServicePort port : snapshot.servicePorts()) {
      routes.servicePorts.putIfAbsent(
          port.port(),
          new Entry(
              port.mode(),
              frontend(
                  "service port " + port.port(),
                  port.app(),
                  port.service().name(),
                  port.backends(),
                  books)));
    }
    return routes;
  }

  private static Frontend frontend(
      String name, @Nullable AppId app, String service, List<Backend> backends, Books books) {
    return new Frontend(
        name,
        app,
        backends.stream().map(backend -> Target.of(backend, books.loadOf(backend))).toList(),
        books.meterOf(name, app, service));
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

  /** Whether any route is under that host, on whatever path. */
  boolean knows(HostPort host) {
    return vhosts.containsKey(host.host());
  }

  /** On the public vhost port: first route of that host whose path is a prefix; else nowhere. */
  RouteDecision vhost(HostPort host, String path) {
    List<PathRoute> routes = vhosts.get(host.host());
    if (routes == null) {
      return new RouteDecision.Nowhere("no app is published under this host name");
    }
    for (PathRoute route : routes) {
      if (route.path() == null || path.startsWith(route.path())) {
        return new RouteDecision.Found(route.frontend());
      }
    }
    return new RouteDecision.Nowhere("no app is published under this path of the host");
  }

  /**
   * On the API's port: a VIP name with its port (80 if none was sent), or a vhost; an unknown name
   * of the VIP zone leads nowhere, every other name is not ours.
   */
  RouteDecision named(HostPort host, String path) {
    String name = host.host();
    if (OWN_NAMES.contains(name)) {
      return new RouteDecision.NotOurs();
    }
    TreeMap<Integer, Frontend> ports = vips.get(name);
    if (ports != null) {
      Frontend frontend = ports.get(host.portOr(80));
      if (frontend != null) {
        return new RouteDecision.Found(frontend);
      }
      if (!vhosts.containsKey(name)) {
        return new RouteDecision.Nowhere(
            "VIP "
                + name
                + " has no port "
                + host.portOr(80)
                + "; it has "
                + String.join(", ", ports.keySet().stream().map(String::valueOf).toList()));
      }
    }
    if (vhosts.containsKey(name)) {
      return vhost(host, path);
    }
    return name.endsWith(VIP_ZONE)
        ? new RouteDecision.Nowhere("no VIP " + name + " on this cluster")
        : new RouteDecision.NotOurs();
  }
}
