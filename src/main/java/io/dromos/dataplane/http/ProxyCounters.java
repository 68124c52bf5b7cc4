package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.dataplane.stats.Meter;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The books of one HTTP plane since it started: a {@link Meter} for each listener and for each
 * route, and how the requests of each app ended. Thread-safe.
 */
public final class ProxyCounters {
  /** Stands for the app where none was found. */
  public static final String NO_APP = "";

  /** Snapshots a route is remembered after it left, so that its last requests are still told. */
  private static final int PAGES_KEPT = 1_000;

  private static final ProxyOutcome[] OUTCOMES = ProxyOutcome.values();

  /**
   * A way in that led to an app.
   *
   * @param name as {@link Frontend} names it; empty where nothing was found
   * @param app path of the app, or {@link #NO_APP}
   * @param service {@link io.dromos.routing.EdgeService#name}; empty for a VIP
   */
  public record Route(String name, String app, String service) {}

  private static final class Entry {
    final Meter meter;
    volatile long page;

    Entry(Meter meter) {
      this.meter = meter;
    }
  }

  private static final Route NOWHERE = new Route("", NO_APP, "");

  private final int loops;
  private final Meter nowhere;
  private final Map<Route, Entry> routes = new ConcurrentHashMap<>();
  private final Map<String, Meter> listeners = new ConcurrentHashMap<>();
  private volatile long page;

  /** {@code loops} event loops write into the meters, with the numbers 1 to {@code loops}. */
  ProxyCounters(int loops) {
    this.loops = loops;
    this.nowhere = Meter.detailed(loops, OUTCOMES.length);
  }

  /** Of requests that led to no app, or could not be read. */
  Meter nowhere() {
    return nowhere;
  }

  /** The same meter for the same route and app, over snapshots. */
  Meter route(String name, @Nullable AppId app, String service) {
    Entry entry =
        routes.computeIfAbsent(
            new Route(name, app == null ? NO_APP : app.path(), service),
            route -> new Entry(Meter.detailed(loops, OUTCOMES.length)));
    entry.page = page;
    return entry.meter;
  }

  /** What came in through one listener: connections and requests, wherever they led. */
  Meter listener(String name) {
    return listeners.computeIfAbsent(name, key -> Meter.of(loops));
  }

  /** Another snapshot is about to be indexed; routes that have been gone for long are forgotten. */
  synchronized void turnPage() {
    long next = page + 1;
    routes.values().removeIf(entry -> next - entry.page > PAGES_KEPT);
    page = next;
  }

  /** Meters by route; the outcomes of each are counted by {@link ProxyOutcome#index}. */
  public Map<Route, Meter> routes() {
    Map<Route, Meter> copy =
        new TreeMap<>(Comparator.comparing(Route::app).thenComparing(Route::name));
    routes.forEach((route, entry) -> copy.put(route, entry.meter));
    copy.put(NOWHERE, nowhere);
    return copy;
  }

  /** Whether anything came in through a listener of this name. */
  boolean knowsListener(String name) {
    return listeners.containsKey(name);
  }

  /** Requests by app path, or {@link #NO_APP}, and outcome; all outcomes present. */
  public Map<String, Map<ProxyOutcome, Long>> outcomes() {
    Map<String, Map<ProxyOutcome, Long>> byApp = new TreeMap<>();
    routes()
        .forEach(
            (route, meter) -> {
              Map<ProxyOutcome, Long> counts = new EnumMap<>(ProxyOutcome.class);
              for (ProxyOutcome outcome : OUTCOMES) {
                counts.put(outcome, meter.outcomes(outcome.index()));
              }
              if (counts.values().stream().anyMatch(count -> count > 0)) {
                byApp.merge(route.app(), counts, ProxyCounters::sum);
              }
            });
    byApp.replaceAll((app, counts) -> Collections.unmodifiableMap(counts));
    return Collections.unmodifiableMap(byApp);
  }

  private static Map<ProxyOutcome, Long> sum(
      Map<ProxyOutcome, Long> one, Map<ProxyOutcome, Long> other) {
    Map<ProxyOutcome, Long> sum = new EnumMap<>(one);
    other.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
    return sum;
  }

  /** Requests that ended so, over all apps. */
  public long total(ProxyOutcome outcome) {
    return outcomes().values().stream().mapToLong(counts -> counts.getOrDefault(outcome, 0L)).sum();
  }
}
