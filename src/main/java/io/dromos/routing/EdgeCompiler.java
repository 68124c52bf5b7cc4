package io.dromos.routing;

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
import org.jspecify.annotations.Nullable;

/**
 * Vhosts, service ports and app id routes from the {@code HAPROXY_*} labels of the current
 * definitions (marathon-lb reference, 4 to 12). A conflict has a deterministic winner, the smaller
 * app id, and a warning for the loser.
 */
final class EdgeCompiler {
  private final RoutingInput input;
  private final TaskBackends tasks;
  private final Warnings warnings;
  private final List<VhostRoute> vhosts = new ArrayList<>();
  private final List<ServicePort> servicePorts = new ArrayList<>();
  private final List<EdgeService> services = new ArrayList<>();

  EdgeCompiler(RoutingInput input, TaskBackends tasks, Warnings warnings) {
    this.input = input;
    this.tasks = tasks;
    this.warnings = warnings;
  }

  EdgeCompiler compile() {
    for (EdgeApp app : EdgeApp.of(input, tasks, warnings)) {
      if (isLabelled(app.spec()) || input.edge().groups().contains("*")) {
        for (int i = 0; i < app.spec().ports().size(); i++) {
          addPort(app, i);
        }
      }
    }
    return this;
  }

  /** Most apps have none of the labels, and then there is nothing to read. */
  private static boolean isLabelled(AppSpec app) {
    return app.labels().keySet().stream().anyMatch(key -> key.startsWith("HAPROXY_"));
  }

  private void addPort(EdgeApp app, int index) {
    AppSpec spec = app.spec();
    EdgeLabels labels = new EdgeLabels(spec, index);
    if (!labels.inGroup(input.edge().groups()) || !labels.enabled(input.edge().strictExposure())) {
      return;
    }
    PortSpec port = spec.ports().get(index);
    if (!port.protocols().contains(Protocol.TCP)) {
      warnings.add(spec.id(), "port " + index + " is UDP, for which there is no public front");
      return;
    }
    labels
        .findings()
        .forEach(
            found -> warnings.add(spec.id(), "label " + found.label() + ": " + found.sentence()));
    if (!labels.opensAnything()) {
      warnings.add(spec.id(), "port " + index + " is not published, since nobody knows to whom");
      return;
    }
    EdgeService service = service(app, index, labels);
    services.add(service);
    addVhosts(labels, service);
    if (service.port() > 0 && service.accepting() && labels.opensServicePort()) {
      BindOptions bind = labels.bindOptions();
      servicePorts.add(
          new ServicePort(
              service.port(),
              labels.bindAddressOfPort(),
              bind.certificate(),
              bind.acceptProxy(),
              service));
    }
  }

  private EdgeService service(EdgeApp app, int index, EdgeLabels labels) {
    EdgeChecks checks = new EdgeChecks(app.spec(), index, labels);
    HealthCheck check = checks.counted();
    List<EdgeBackend> backends = backends(app, index, labels.healthPort(), check);
    EdgeProbe probe =
        check == null
            ? null
            : new EdgeProbe(
                checks.path(check),
                check.intervalSeconds(),
                check.timeoutSeconds(),
                check.maxConsecutiveFailures() + 1,
                backends.stream().map(EdgeBackend::probePort).toList());
    return new EdgeService(
        EdgeService.name(app.id(), labels.port()),
        app.id(),
        index,
        labels.port(),
        checks.mode(),
        labels.policy(),
        probe,
        backends.stream().map(EdgeBackend::backend).toList());
  }

  private void addVhosts(EdgeLabels labels, EdgeService service) {
    List<@Nullable String> paths = new ArrayList<>(labels.pathPrefixes());
    if (paths.isEmpty()) {
      paths.add(null);
    }
    for (String host : labels.vhosts()) {
      for (String path : paths) {
        vhosts.add(
            new VhostRoute(
                host,
                path,
                path != null && labels.ignoresCase(),
                labels.weight(),
                labels.redirectsToHttps(),
                labels.basicAuth(),
                service));
      }
    }
  }

  private record EdgeBackend(Backend backend, int probePort) {}

  private List<EdgeBackend> backends(
      EdgeApp app, int index, @Nullable Integer probedIndex, @Nullable HealthCheck check) {
    List<EdgeBackend> backends = new ArrayList<>();
    for (RoutingInput.Placed placed : app.tasks()) {
      List<TaskBackends.Endpoint> endpoints = tasks.endpoints(placed, index);
      if (endpoints.isEmpty()) {
        continue;
      }
      // Like the original, which takes the first address of a container only.
      TaskBackends.Endpoint endpoint = endpoints.get(0);
      Backend.State state =
          app.drained().contains(placed.task().id())
              ? Backend.State.DRAINING
              : TaskBackends.edgeState(placed);
      List<TaskBackends.Endpoint> probed =
          probedIndex == null ? List.of() : tasks.endpoints(placed, probedIndex);
      Integer fixed = check == null ? null : check.port();
      int probePort =
          !probed.isEmpty() ? probed.get(0).port() : fixed == null ? endpoint.port() : fixed;
      backends.add(new EdgeBackend(tasks.backend(placed, endpoint, state), probePort));
    }
    backends.sort(
        Comparator.comparing((EdgeBackend each) -> each.backend().host())
            .thenComparing(each -> each.backend().port())
            .thenComparing(each -> each.backend().task()));
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
