package io.dromos.dataplane.http;

import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the header {@code X-Marathon-App-Id} leads: to the HTTP service of that app with the lowest
 * port, whatever the case of the id; without its first slash an id leads nowhere (marathon-lb
 * reference, 9.7). Unlike there, {@code /x/y} and {@code /x_y} are two apps.
 */
final class AppIds {
  static final String HEADER = "X-Marathon-App-Id";
  static final AppIds NONE = new AppIds(Map.of());

  private final Map<String, Integer> ports;

  private AppIds(Map<String, Integer> ports) {
    this.ports = Map.copyOf(ports);
  }

  static AppIds of(RoutingSnapshot snapshot) {
    Map<String, Integer> ports = new HashMap<>();
    snapshot.servicePorts().stream()
        .map(ServicePort::service)
        .filter(service -> service.mode() == ServicePort.Mode.HTTP)
        .sorted(Comparator.comparingInt(EdgeService::port))
        .forEach(service -> ports.putIfAbsent(folded(service.app().path()), service.port()));
    return new AppIds(ports);
  }

  /** Service port of the app that the header names; null when it names none that has one. */
  @Nullable Integer port(@Nullable String id) {
    return id == null ? null : ports.get(folded(id.strip()));
  }

  private static String folded(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
