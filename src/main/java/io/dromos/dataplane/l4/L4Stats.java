package io.dromos.dataplane.l4;

import io.dromos.routing.Vip;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Counters of the VIP plane since it started: of the plane, which are those of its VIPs together,
 * or of one VIP.
 */
public final class L4Stats {
  /**
   * A VIP and, as far as one can say, whose it is.
   *
   * @param key {@link Vip#key}
   * @param app path of the app of its first backend when its listener was opened; others may share
   *     it
   */
  public record Place(String key, String app) {}

  final LongAdder accepted = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder connectFailures = new LongAdder();
  final LongAdder closed = new LongAdder();
  private final Map<Place, L4Stats> vips = new ConcurrentHashMap<>();

  L4Stats() {}

  /** Counters of one VIP, the same ones when it comes again. */
  L4Stats of(Vip vip) {
    String app = vip.backends().isEmpty() ? "" : vip.backends().get(0).app().path();
    return vips.computeIfAbsent(new Place(vip.key(), app), place -> new L4Stats());
  }

  /** Counters by VIP, of all that there ever were. */
  public Map<Place, L4Stats> vips() {
    Map<Place, L4Stats> copy =
        new TreeMap<>(Comparator.comparing(Place::key).thenComparing(Place::app));
    copy.putAll(vips);
    return Collections.unmodifiableMap(copy);
  }

  private long sum(Function<L4Stats, LongAdder> counter) {
    long own = counter.apply(this).sum();
    return own + vips.values().stream().mapToLong(vip -> counter.apply(vip).sum()).sum();
  }

  /** Client connections and UDP flows accepted. */
  public long accepted() {
    return sum(stats -> stats.accepted);
  }

  /** Of these, reset because no backend could be reached. */
  public long refused() {
    return sum(stats -> stats.refused);
  }

  /** Connects to a backend that failed, the retried ones included. */
  public long connectFailures() {
    return sum(stats -> stats.connectFailures);
  }

  /** Client connections and UDP flows open now. */
  public long open() {
    long ended = sum(stats -> stats.closed);
    return Math.max(0, accepted() - ended);
  }
}
