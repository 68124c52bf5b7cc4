package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds snapshots for tests. */
final class Snapshots {
  static final AppId WEB = AppId.of("/web");

  private final List<Vip> vips = new ArrayList<>();
  private final List<VhostRoute> vhosts = new ArrayList<>();
  private final List<ServicePort> ports = new ArrayList<>();
  private final List<EdgeService> services = new ArrayList<>();

  static Snapshots aSnapshot() {
    return new Snapshots();
  }

  static Backend active(String task, int port) {
    return backend(task, port, Backend.State.ACTIVE);
  }

  static Backend backend(String task, int port, Backend.State state) {
    return new Backend(new TaskId("web." + task), WEB, "node", "127.0.0.1", port, state);
  }

  Snapshots vip(String name, int port, Backend... backends) {
    vips.add(new Vip(name, "127.128.0.1", port, Protocol.TCP, List.of(backends)));
    return this;
  }

  Snapshots vhost(String host, @Nullable String path, Backend... backends) {
    EdgeService service =
        EdgeService.plain(WEB, 0, 10000, ServicePort.Mode.HTTP, List.of(backends));
    vhosts.add(VhostRoute.plain(host, path, path == null ? 0 : 1, service));
    return this;
  }

  Snapshots port(int port, ServicePort.Mode mode, Backend... backends) {
    ports.add(ServicePort.plain(port, EdgeService.plain(WEB, 0, port, mode, List.of(backends))));
    return this;
  }

  /** A service port under TLS, behind a proxy that says where clients come from, or both. */
  Snapshots port(
      int port,
      ServicePort.Mode mode,
      @Nullable String certificate,
      boolean acceptProxy,
      Backend... backends) {
    EdgeService service = EdgeService.plain(WEB, 0, port, mode, List.of(backends));
    ports.add(new ServicePort(port, null, certificate, acceptProxy, service));
    return this;
  }

  Snapshots route(VhostRoute route) {
    vhosts.add(route);
    return this;
  }

  Snapshots port(ServicePort port) {
    ports.add(port);
    return this;
  }

  Snapshots service(EdgeService service) {
    services.add(service);
    return this;
  }

  RoutingSnapshot build() {
    return new RoutingSnapshot(
        1, 1, vips, vhosts, ports, services, DnsRecords.EMPTY, Map.of(), Instant.EPOCH);
  }
}
