package io.dromos;

import io.dromos.dataplane.Transport;
import io.dromos.dataplane.dns.DnsPlane;
import io.dromos.dataplane.http.EdgeConfig;
import io.dromos.dataplane.http.EdgePlane;
import io.dromos.dataplane.http.ProxyClient;
import io.dromos.dataplane.http.ProxyPlane;
import io.dromos.dataplane.l4.L4Plane;
import io.dromos.dataplane.l4.VipMode;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.routing.DataPlane;
import io.dromos.routing.ServedVips;
import java.util.ArrayList;
import java.util.List;

/** Which planes this node has, in the order in which they are stopped. */
final class DataPlanes {
  private DataPlanes() {}

  static List<DataPlane> of(Settings settings, NodeInfo info, ProxyClient proxy) {
    List<DataPlane> planes = new ArrayList<>();
    ServedVips served = ServedVips.NONE;
    if (VipMode.of(settings) == VipMode.USERSPACE) {
      L4Plane l4 = new L4Plane(Transport.start("l4", loops()));
      planes.add(l4);
      served = l4;
    }
    DnsPlane.of(settings, served).ifPresent(planes::add);
    if (info.is("edge")) {
      planes.add(new EdgePlane(EdgeConfig.from(settings)));
    }
    planes.add(new ProxyPlane(proxy));
    return planes;
  }

  private static int loops() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
  }
}
