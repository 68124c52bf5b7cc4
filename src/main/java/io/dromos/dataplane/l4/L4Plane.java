package io.dromos.dataplane.l4;

import io.dromos.dataplane.BindFailure;
import io.dromos.dataplane.Transport;
import io.dromos.dataplane.stats.Measured;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import io.dromos.routing.Vip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves VIPs in userspace: one listener an address, port and protocol, a connection to the backend
 * for each of the client's. Snapshots change who gets new connections; they never close one.
 *
 * <p>A listener that cannot be opened is reported with its reason and tried again at each apply.
 */
public final class L4Plane implements DataPlane, ServedVips, Measured {
  private final Transport transport;
  private final L4Stats stats = new L4Stats();
  private final Map<String, VipListener> listeners = new HashMap<>();
  private volatile Map<String, String> served = Map.of();

  /** Uses and, at the end, closes {@code transport}. */
  public L4Plane(Transport transport) {
    this.transport = transport;
  }

  @Override
  public String name() {
    return "l4";
  }

  /** Opens what is new, then says what is served, then closes what is gone. */
  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) {
    Map<String, String> degraded = new HashMap<>();
    Map<String, String> addresses = new HashMap<>();
    Map<String, Vip> wanted = new HashMap<>();
    for (Vip vip : next.vips()) {
      if (vip.name().equals(vip.localAddress())) {
        degraded.put(
            vip.key(),
            "address VIPs need the kernel plane; the userspace plane serves named VIPs: write the"
                + " label as /name:"
                + vip.port());
        continue;
      }
      wanted.put(vip.key(), vip);
      String problem = serve(vip);
      if (problem.isEmpty()) {
        if (!vip.backends().isEmpty()) {
          addresses.put(vip.name(), vip.localAddress());
        }
      } else {
        degraded.put(vip.key(), problem);
      }
    }
    served = Map.copyOf(addresses);
    List<String> gone = new ArrayList<>(listeners.keySet());
    gone.removeAll(wanted.keySet());
    for (String key : gone) {
      VipListener listener = listeners.remove(key);
      if (listener != null) {
        listener.close();
      }
    }
    return new PlaneReport(degraded);
  }

  private String serve(Vip vip) {
    VipListener open = listeners.get(vip.key());
    if (open != null) {
      open.balancer().update(vip.backends());
      return "";
    }
    if (vip.backends().isEmpty()) {
      // Not opened before there is something to serve: it could keep the app's own task from
      // listening on all addresses.
      return "";
    }
    VipListener fresh = new VipListener(vip, transport, stats);
    fresh.balancer().update(vip.backends());
    Throwable failure = fresh.open();
    if (failure == null) {
      listeners.put(vip.key(), fresh);
      return "";
    }
    return BindFailure.sentence(vip.localAddress(), vip.port(), failure)
        + "; until then HTTP reaches it through the proxy on the API's port";
  }

  @Override
  public Optional<String> addressOf(String name) {
    return Optional.ofNullable(served.get(name));
  }

  public L4Stats stats() {
    return stats;
  }

  @Override
  public void measure(Measurements to) {
    stats.vips().forEach((vip, counts) -> measure(vip, counts, to));
  }

  private static void measure(L4Stats.Place vip, L4Stats counts, Measurements to) {
    String[] outcomes = {"accepted", "refused", "connect_failed"};
    long[] values = {counts.accepted(), counts.refused(), counts.connectFailures()};
    for (int i = 0; i < outcomes.length; i++) {
      to.counter(
          "dromos_vip_connections_total",
          "Client connections and UDP flows: accepted; of these refused, since no backend was"
              + " reached; and attempts to reach one that failed.",
          values[i],
          "plane",
          "l4",
          "app",
          vip.app(),
          "route",
          vip.key(),
          "outcome",
          outcomes[i]);
    }
    to.gauge(
        "dromos_vip_connections_open",
        "Client connections and UDP flows that go on.",
        counts.open(),
        "plane",
        "l4",
        "app",
        vip.app(),
        "route",
        vip.key());
  }

  /** Relays and UDP flows go on; the successor reads what comes to the sockets from now on. */
  @Override
  public synchronized void drain() {
    listeners.values().forEach(VipListener::drain);
  }

  @Override
  public long open() {
    return stats.open();
  }

  /** Names vanish first, then listeners and connections. */
  @Override
  public synchronized void close() {
    served = Map.of();
    listeners.values().forEach(VipListener::close);
    listeners.clear();
    transport.close();
  }
}
