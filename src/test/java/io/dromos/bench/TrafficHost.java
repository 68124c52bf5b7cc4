package io.dromos.bench;

import io.dromos.dataplane.Transport;
import io.dromos.dataplane.dns.DnsPlane;
import io.dromos.dataplane.http.EdgeConfig;
import io.dromos.dataplane.http.EdgePlane;
import io.dromos.dataplane.l4.L4Plane;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.BenchRoutes;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The planes of a node in a process of their own, serving made-up routes, so that their processor
 * time is theirs alone. Says {@code ready} and the address of the first VIP when all is served.
 */
final class TrafficHost {
  private TrafficHost() {}

  /** Arguments: apps, VIP port, edge port or 0, DNS port or 0, backend port. */
  public static void main(String[] args) throws Exception {
    int apps = Integer.parseInt(args[0]);
    int vipPort = Integer.parseInt(args[1]);
    String edgePort = args[2];
    String dnsPort = args[3];
    RoutingSnapshot routes =
        BenchRoutes.of(apps, vipPort, Integer.parseInt(args[4]), !edgePort.equals("0"));
    Settings settings =
        Settings.of(
            Map.of(
                Setting.EDGE_HTTP_PORT.key(), edgePort,
                Setting.EDGE_HTTPS_PORT.key(), "0",
                Setting.DNS_PORT.key(), dnsPort));
    List<DataPlane> planes = new ArrayList<>();
    int loops = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    L4Plane l4 = new L4Plane(Transport.start("l4", loops));
    planes.add(l4);
    if (!dnsPort.equals("0")) {
      DnsPlane.of(settings, l4).ifPresent(planes::add);
    }
    if (!edgePort.equals("0")) {
      planes.add(new EdgePlane(EdgeConfig.from(settings)));
    }
    for (DataPlane plane : planes) {
      PlaneReport report = plane.apply(routes);
      if (!report.degraded().isEmpty()) {
        throw new IllegalStateException(plane.name() + ": " + report.degraded());
      }
    }
    System.out.println("ready " + l4.addressOf(BenchRoutes.vip(0)).orElseThrow());
    Thread.currentThread().join();
  }
}
