package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Vhosts and service ports from the {@code HAPROXY_*} labels of the current definitions
 * (marathon-lb reference, 4 to 9). A conflict has a deterministic winner, the smaller app id, and a
 * warning for the loser.
 */
final class EdgeCompiler {
  private final RoutingInput input;
  private final Map<AppId, List<RoutingInput.Placed>> tasksByApp = new HashMap<>();
  private final TaskBackends tasks;
  private final Warnings warnings;
  private final List<VhostRoute> vhosts = new ArrayList<>();
  private final List<ServicePort> servicePorts = new ArrayList<>();
  private final List<EdgeService> services = new ArrayList<>();

  EdgeCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
    for (RoutingInput.Placed placed : tasks.living()) {
      tasksByApp.computeIfAbsent(placed.task().appId(), app -> new ArrayList<>()).add(placed);
    }
  }

  EdgeCompiler compile() {
    for (AppSpec app : new TreeMap<>(input.apps()).values()) {
      for (int i = 0; i < app.ports().size(); i++) {
        addPort(app, i);
      }
    }
    return this;
  }

  private void addPort(AppSpec app, int index) {
    EdgeLabels labels = new EdgeLabels(app, index, warnings);
    if (!labels.inGroup(input.edge().groups()) || !labels.enabled(input.edge().strictExposure())) {
      return;
    }
    PortSpec port = app.ports().get(index);
    if (!port.protocols().contains(Protocol.TCP)) {
      warnings.add(app.id(), "port " + index + " is UDP, for which there is no public front");
      return;
    }
    labels.warnUnsupported();
    List<String> hosts = labels.vhosts();
    List<Backend> backends = backends(app.id(), index);
    int servicePort = labels.port(port.servicePort());
    ServicePort.Mode byRule =
        !hosts.isEmpty() || hasHttpCheck(app, index) ? ServicePort.Mode.HTTP : ServicePort.Mode.TCP;
    EdgeService service =
        EdgeService.plain(app.id(), index, servicePort, labels.mode(byRule), backends);
    services.add(service);
    if (labels.opensVhosts()) {
      addVhosts(labels, hosts, service);
    }
    if (servicePort > 0 && service.accepting() && labels.opensServicePort()) {
      servicePorts.add(ServicePort.plain(servicePort, service));
    }
  }

  private void addVhosts(EdgeLabels labels, List<String> hosts, EdgeService service) {
    List<@Nullable String> paths = new ArrayList<>(labels.paths());
    int weight = labels.weight(!paths.isEmpty());
    if (paths.isEmpty()) {
      paths.add(null);
    }
    for (String host : hosts) {
      for (String path : paths) {
        vhosts.add(VhostRoute.plain(host, path, weight, service));
      }
    }
  }

  /** Only {@code HTTP} counts, and only a check that names this port or a port number. */
  private static boolean hasHttpCheck(AppSpec app, int index) {
    for (HealthCheck check : app.healthChecks()) {
      Integer checked = check.portIndex();
      if (check.port() != null || (checked != null && checked == index)) {
        return check.protocol() == HealthCheck.Protocol.HTTP;
      }
    }
    return false;
  }

  private List<Backend> backends(AppId app, int index) {
    List<Backend> backends = new ArrayList<>();
    for (RoutingInput.Placed placed : tasksByApp.getOrDefault(app, List.of())) {
      // Like the original, which takes the first address of a container only.
      tasks.endpoints(placed, index).stream()
          .limit(1)
          .forEach(
              endpoint ->
                  backends.add(tasks.backend(placed, endpoint, TaskBackends.edgeState(placed))));
    }
    return backends;
  }

  /**
   * In matching order: routes that have an accepting backend come first, because marathon-lb drops
   * services without one before it orders the rest; then weight, app id and service port. The rest
   * follow, so that a host without backends is told from an unknown one.
   */
  List<VhostRoute> vhosts() {
    List<VhostRoute> ordered = new ArrayList<>(vhosts);
    ordered.sort(
        Comparator.comparing((VhostRoute route) -> !route.service().accepting())
            .thenComparing(Comparator.comparingInt(VhostRoute::weight).reversed())
            .thenComparing(VhostRoute::app)
            .thenComparing(VhostRoute::servicePort)
            .thenComparing(VhostRoute::portIndex));
    Map<String, VhostRoute> winners = new HashMap<>();
    for (VhostRoute route : ordered) {
      String place = route.host() + (route.path() == null ? "" : " " + route.path());
      VhostRoute winner = winners.putIfAbsent(place, route);
      if (winner != null && !winner.app().equals(route.app())) {
        warnings.add(
            route.app(),
            "vhost " + place.replace(" ", "") + " is served by " + winner.app() + ", not by this");
      }
    }
    return ordered;
  }

  /** One service per port, by port. */
  List<ServicePort> servicePorts() {
    Map<Integer, ServicePort> byPort = new LinkedHashMap<>();
    servicePorts.stream()
        .sorted(
            Comparator.comparingInt(ServicePort::port)
                .thenComparing(ServicePort::app)
                .thenComparing(ServicePort::portIndex))
        .forEach(
            service -> {
              ServicePort winner = byPort.putIfAbsent(service.port(), service);
              if (winner != null) {
                warnings.add(
                    service.app(),
                    "service port "
                        + service.port()
                        + " is served by "
                        + winner.app()
                        + ", not by this; give one of them another HAPROXY_{n}_PORT");
              }
            });
    return List.copyOf(byPort.values());
  }

  /** By app, then port. */
  List<EdgeService> services() {
    List<EdgeService> ordered = new ArrayList<>(services);
    ordered.sort(
        Comparator.comparing(EdgeService::app)
            .thenComparing(EdgeService::port)
            .thenComparing(EdgeService::portIndex));
    return ordered;
  }
}
