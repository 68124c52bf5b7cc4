package io.dromos.dataplane.kernel;

import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Serves VIPs by the kernel of this machine: for host processes and for containers, in the address
 * view {@code 11.0.0.0/9}. Connections never pass through this process and go on when it ends; what
 * it put into the kernel is removed when the node stops, unless {@code dromos.vip.kernel.keep} says
 * otherwise.
 *
 * <p>Differs from the userspace plane in what a kernel cannot do: backends are drawn at random, not
 * by least connections, and a connect to a backend that just died is refused and not tried
 * elsewhere.
 */
public final class KernelPlane implements DataPlane, ServedVips {
  /** How often what is in the kernel is read back and mended. */
  static final Duration MEND_EVERY = Duration.ofSeconds(30);

  private static final Logger LOG = System.getLogger(KernelPlane.class.getName());

  private final Dispatch dispatch;
  private final Flows flows;
  private final VipView view;
  private final Translation.Machine machine;
  private final boolean keep;
  private final LongSupplier nanoTime;
  private final KernelStats stats;
  private Translation made = Translation.NOTHING;
  private long lookedAt;
  private boolean doubtful = true;
  private boolean started;
  private boolean ended;
  private volatile Map<String, String> served = Map.of();

  KernelPlane(
      Dispatch dispatch,
      Flows flows,
      VipView view,
      Translation.Machine machine,
      boolean keep,
      LongSupplier nanoTime,
      KernelStats stats) {
    this.dispatch = dispatch;
    this.flows = flows;
    this.view = view;
    this.machine = machine;
    this.keep = keep;
    this.nanoTime = nanoTime;
    this.stats = stats;
  }

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public Duration mendEvery() {
    return MEND_EVERY;
  }

  public KernelStats stats() {
    return stats;
  }

  /** Names that end are withdrawn before their rules go, names that begin are told after theirs. */
  @Override
  public synchronized PlaneReport apply(RoutingSnapshot next) throws IOException {
    if (ended) {
      return PlaneReport.ALL_SERVED;
    }
    Translation wanted = Translation.of(next, view, machine);
    Map<String, String> staying = new HashMap<>(served);
    staying.entrySet().retainAll(wanted.addresses().entrySet());
    served = Map.copyOf(staying);
    long now = nanoTime.getAsLong();
    boolean look = doubtful || now - lookedAt >= MEND_EVERY.toNanos() * 9 / 10;
    try {
      dispatch.converge(wanted.services(), look);
    } catch (IOException e) {
      doubtful = true;
      if (e instanceof Dispatch.TakenException) {
        served = Map.of();
      }
      throw e;
    }
    if (look) {
      lookedAt = now;
    }
    doubtful = false;
    served = Map.copyOf(wanted.addresses());
    forgetDeparted(wanted, now);
    made = wanted;
    return new PlaneReport(wanted.degraded());
  }

  private void forgetDeparted(Translation wanted, long now) {
    made.present()
        .forEach(
            (service, before) -> {
              Set<Endpoint> gone = new HashSet<>(before);
              gone.removeAll(wanted.present().getOrDefault(service, Set.of()));
              gone.forEach(endpoint -> flows.departed(service, endpoint, now));
            });
    wanted
        .present()
        .forEach(
            (service, after) -> {
              Set<Endpoint> come = new HashSet<>(after);
              come.removeAll(made.present().getOrDefault(service, Set.of()));
              come.forEach(endpoint -> flows.returned(service, endpoint));
            });
    if (started) {
      Set<Service> began = new HashSet<>(wanted.services().active().keySet());
      began.removeAll(made.services().active().keySet());
      began.forEach(flows::began);
    }
    started = true;
    flows.tick(now);
  }

  @Override
  public Optional<String> addressOf(String name) {
    return Optional.ofNullable(served.get(name));
  }

  /** The successor owns what is in the kernel from here on. */
  @Override
  public synchronized void drain() {
    ended = true;
  }

  @Override
  public synchronized void close() {
    served = Map.of();
    if (ended) {
      return;
    }
    ended = true;
    if (keep) {
      LOG.log(
          Level.INFO,
          "VIPs stay in the kernel without this node (dromos.vip.kernel.keep); remove them with"
              + " ''nft delete table ip {0}; ip route flush table local proto {1}''",
          Ruleset.TABLE,
          Routes.PROTOCOL);
      return;
    }
    try {
      dispatch.remove();
      LOG.log(Level.INFO, "VIPs are removed from the kernel");
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "VIPs are left in the kernel, remove them with ''nft delete table ip {0}; ip route flush"
              + " table local proto {1}'': {2}",
          Ruleset.TABLE,
          Routes.PROTOCOL,
          e.getMessage());
    }
  }
}
