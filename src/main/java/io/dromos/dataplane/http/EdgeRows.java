package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.ConfigText;
import io.dromos.dataplane.stats.Counts;
import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.stats.ServerNames;
import io.dromos.dataplane.stats.StatRow;
import io.dromos.routing.Backend;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The edge in HAProxy's terms: a frontend for each listener, and for each service its servers and
 * the backend that is all of them. Lines are made once a snapshot; the numbers and the status are
 * read when they are shown.
 */
@SuppressWarnings("ReferenceEquality") // another snapshot is another object
final class EdgeRows {
  private record Made(RoutingSnapshot snapshot, List<StatRow> rows) {}

  private final ProxyCounters counters;
  private final BackendPicker picker;
  private volatile Made made = new Made(RoutingSnapshot.EMPTY, List.of());

  EdgeRows(ProxyCounters counters, BackendPicker picker) {
    this.counters = counters;
    this.picker = picker;
  }

  List<StatRow> of(RoutingSnapshot snapshot) {
    Made last = made;
    if (last.snapshot() != snapshot || last.rows().isEmpty()) {
      last = new Made(snapshot, new Builder().rows(snapshot));
      made = last;
    }
    return last.rows();
  }

  private final class Builder {
    private final List<StatRow> rows = new ArrayList<>();
    private final Map<String, List<Meter>> metersByService = new HashMap<>();
    private int proxies;

    List<StatRow> rows(RoutingSnapshot snapshot) {
      counters
          .routes()
          .forEach(
              (route, meter) ->
                  metersByService
                      .computeIfAbsent(route.service(), name -> new ArrayList<>())
                      .add(meter));
      frontend(Listening.HTTP, counters.listener(Listening.HTTP), true);
      for (String name : List.of(Listening.HTTPS, Listening.APP_ID)) {
        if (counters.knowsListener(name)) {
          frontend(name, counters.listener(name), true);
        }
      }
      Map<String, ServicePort> ports = new HashMap<>();
      snapshot.servicePorts().forEach(port -> ports.put(port.service().name(), port));
      Set<String> seen = new HashSet<>();
      for (EdgeService service : snapshot.services()) {
        if (!service.backends().isEmpty() && seen.add(service.name())) {
          service(service, ports.get(service.name()));
        }
      }
      return List.copyOf(rows);
    }

    private void frontend(String name, Counts counts, boolean http) {
      rows.add(
          new StatRow(
              StatRow.Type.FRONTEND,
              name,
              "FRONTEND",
              ++proxies,
              0,
              () -> "OPEN",
              counts,
              http,
              0,
              "",
              "",
              ""));
    }

    private void service(EdgeService service, @Nullable ServicePort port) {
      boolean http = service.mode() == ServicePort.Mode.HTTP;
      if (port != null) {
        Meter listener = counters.listener(Listening.servicePort(port.port()));
        frontend(service.name(), listener, http);
      }
      int proxy = ++proxies;
      int accepting = 0;
      int server = 0;
      for (Backend backend : service.backends()) {
        accepting += backend.accepting() ? 1 : 0;
        rows.add(server(service, backend, proxy, ++server, http));
      }
      Counts all = Counts.sum(metersByService.getOrDefault(service.name(), List.of()));
      String status = accepting > 0 ? "UP" : "DOWN";
      rows.add(
          new StatRow(
              StatRow.Type.BACKEND,
              service.name(),
              "BACKEND",
              proxy,
              0,
              () -> status,
              all,
              http,
              accepting,
              ConfigText.balance(service.policy()),
              "",
              ""));
    }

    private StatRow server(
        EdgeService service, Backend backend, int proxy, int number, boolean http) {
      BackendLoad load = picker.loadOf(backend);
      return new StatRow(
          StatRow.Type.SERVER,
          service.name(),
          ServerNames.of(backend),
          proxy,
          number,
          status(service, backend),
          load.meter(),
          http,
          backend.accepting() ? 1 : 0,
          "",
          backend.endpoint(),
          service.policy().stickyCookie() == null ? "" : ServerNames.cookie(backend));
    }
  }

  /** A backend on its way out is in maintenance, as one that marathon-lb drains. */
  private static Supplier<String> status(EdgeService service, Backend backend) {
    return switch (backend.state()) {
      case DRAINING -> () -> "MAINT";
      case UNHEALTHY -> () -> "DOWN";
      case ACTIVE -> service.probe() == null ? () -> "no check" : () -> "UP";
    };
  }
}
