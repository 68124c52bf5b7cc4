package io.dromos.traffic;

import io.dromos.dataplane.Transport;
import io.dromos.dataplane.dns.DnsPlane;
import io.dromos.dataplane.http.EdgeConfig;
import io.dromos.dataplane.http.EdgePlane;
import io.dromos.dataplane.kernel.KernelOffer;
import io.dromos.dataplane.kernel.KernelPlane;
import io.dromos.dataplane.l4.L4Plane;
import io.dromos.dataplane.l4.VipMode;
import io.dromos.dataplane.stats.StatsPlane;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.DataPlane;
import io.dromos.routing.ServedVips;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Which planes a node has beside the servlet proxy: the one composition, opened in the traffic
 * process or, where there is none, in the server. Made from the settings alone; what else a plane
 * needs comes with the snapshots.
 */
public final class TrafficPlanes {
  private static final Logger LOG = System.getLogger(TrafficPlanes.class.getName());
  private static final String ASKED_FOR_KERNEL = Setting.VIP_MODE.key() + "=kernel";

  private TrafficPlanes() {}

  /**
   * The planes, in the order in which they are stopped. None listens before its first snapshot.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  public static List<DataPlane> of(Settings settings) {
    return of(settings, StatsPlane.Refresh.NOBODY);
  }

  /**
   * The same.
   *
   * @param refresh who compiles the routes, for the signals that the statistics take
   */
  public static List<DataPlane> of(Settings settings, StatsPlane.Refresh refresh) {
    List<DataPlane> planes = new ArrayList<>();
    ServedVips served = addVips(settings, planes);
    DnsPlane.of(settings, served).ifPresent(planes::add);
    if (settings.list(Setting.NODE_ROLES).contains("edge")) {
      planes.add(
          new EdgePlane(EdgeConfig.from(settings))
              .serveAppIds(
                  settings.integer(Setting.EDGE_APP_ID_PORT, 0, 65_535),
                  settings.explicit(Setting.EDGE_APP_ID_PORT).isPresent()));
    }
    // Last: what the others do until they end is told.
    StatsPlane.of(settings, planes, refresh).ifPresent(planes::add);
    return planes;
  }

  /** The one place that decides which plane carries the VIPs. */
  private static ServedVips addVips(Settings settings, List<DataPlane> planes) {
    VipMode mode = VipMode.of(settings);
    if (mode == VipMode.OFF) {
      return ServedVips.NONE;
    }
    if (mode == VipMode.USERSPACE) {
      L4Plane l4 = userspace();
      planes.add(l4);
      return l4;
    }
    KernelOffer offer = KernelOffer.of(settings);
    if (offer.problem().isEmpty()) {
      LOG.log(Level.INFO, "VIPs are served by the kernel ({0})", ASKED_FOR_KERNEL);
      KernelPlane kernel = offer.open();
      planes.add(kernel);
      return kernel;
    }
    String problem = offer.problem().get();
    LOG.log(
        Level.WARNING,
        "VIPs are served in userspace, for processes of this machine but not for containers on"
            + " networks of their own, although {0}, since there is no kernel plane: {1}",
        ASKED_FOR_KERNEL,
        problem);
    L4Plane l4 = userspace();
    planes.add(new SecondChoice(l4, ASKED_FOR_KERNEL, problem));
    return l4;
  }

  private static L4Plane userspace() {
    return new L4Plane(Transport.start("l4", loops()));
  }

  private static int loops() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
  }
}
