package io.dromos.dcos;

import io.dromos.api.Json;
import io.dromos.placement.Agent;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /console/routes}: the routing snapshot of this node, with what each data plane serves
 * of it; described in {@code console-json.md}.
 */
public record RoutesJson(
    long version,
    long sequence,
    String causedAt,
    Map<String, String> planes,
    List<NodeRow> nodes,
    List<VipRow> vips,
    List<VhostRow> vhosts,
    List<ServicePortRow> servicePorts,
    Map<String, List<String>> addresses,
    Map<String, List<SrvRow>> services,
    Map<String, List<String>> warnings) {
  /** Where a node's planes are. */
  public record NodeRow(String name, long servedRevision, Map<String, String> planes) {}

  /** One address behind a frontend; {@code state} is active, unhealthy or draining. */
  public record BackendRow(String task, String app, String agent, String endpoint, String state) {
    static List<BackendRow> of(List<Backend> backends) {
      return backends.stream()
          .map(
              b ->
                  new BackendRow(
                      b.task().value(),
                      b.app().path(),
                      b.agent(),
                      b.endpoint(),
                      b.state().name().toLowerCase(Locale.ROOT)))
          .toList();
    }
  }

  /** A virtual address: {@code name:port} for clients, {@code address:port} on this node. */
  public record VipRow(
      String name, int port, String protocol, String address, List<BackendRow> backends) {
    static VipRow of(Vip vip) {
      return new VipRow(
          vip.name(),
          vip.port(),
          vip.protocol().name().toLowerCase(Locale.ROOT),
          vip.localAddress(),
          BackendRow.of(vip.backends()));
    }
  }

  /** A virtual host of the edge and the servlet proxy. */
  public record VhostRow(
      String host,
      @Nullable String path,
      int weight,
      String app,
      int portIndex,
      int servicePort,
      List<BackendRow> backends) {}

  /** A public port of the edge. */
  public record ServicePortRow(
      int port, String mode, String app, int portIndex, List<BackendRow> backends) {}

  /** Target of an SRV record. */
  public record SrvRow(String target, int port) {}

  /** {@code GET /console/vips}. */
  public record VipsJson(List<VipRow> vips) {
    static VipsJson of(RoutingSnapshot snapshot) {
      return new VipsJson(snapshot.vips().stream().map(VipRow::of).toList());
    }
  }

  static RoutesJson of(RoutingSnapshot snapshot, Map<String, String> planes, List<Agent> agents) {
    return new RoutesJson(
        snapshot.version(),
        snapshot.sequence(),
        Json.time(snapshot.causedAt()),
        new TreeMap<>(planes),
        agents.stream()
            .sorted(Comparator.comparing(Agent::name))
            .map(a -> new NodeRow(a.name(), a.servedRevision(), new TreeMap<>(a.planes())))
            .toList(),
        snapshot.vips().stream().map(VipRow::of).toList(),
        snapshot.vhosts().stream()
            .map(
                v ->
                    new VhostRow(
                        v.host(),
                        v.path(),
                        v.weight(),
                        v.app().path(),
                        v.portIndex(),
                        v.servicePort(),
                        BackendRow.of(v.backends())))
            .toList(),
        snapshot.servicePorts().stream()
            .map(
                p ->
                    new ServicePortRow(
                        p.port(),
                        p.mode().name().toLowerCase(Locale.ROOT),
                        p.app().path(),
                        p.portIndex(),
                        BackendRow.of(p.backends())))
            .toList(),
        new TreeMap<>(snapshot.dns().addresses()),
        services(snapshot.dns()),
        new TreeMap<>(snapshot.warnings()));
  }

  private static Map<String, List<SrvRow>> services(DnsRecords dns) {
    Map<String, List<SrvRow>> rows = new TreeMap<>();
    dns.services()
        .forEach(
            (name, targets) ->
                rows.put(
                    name, targets.stream().map(s -> new SrvRow(s.target(), s.port())).toList()));
    return rows;
  }
}
