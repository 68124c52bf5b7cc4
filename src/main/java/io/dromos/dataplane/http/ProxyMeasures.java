package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Count;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.dataplane.stats.Meter;
import io.dromos.dataplane.stats.Spread;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The books of an HTTP plane for Prometheus: by app, route and outcome. What never happened has no
 * line, so that a thousand apps that nobody calls cost nothing.
 */
final class ProxyMeasures {
  private ProxyMeasures() {}

  static void add(String plane, ProxyCounters counters, Measurements to) {
    Map<String, Spread> spreads = new TreeMap<>();
    counters
        .routes()
        .forEach(
            (route, meter) -> {
              if (meter.get(Count.SESSIONS) > 0) {
                add(plane, route, meter, to);
                spreads.merge(route.app(), meter.spread(), Spread::plus);
              }
            });
    spreads.forEach(
        (app, spread) ->
            to.histogram(
                "dromos_request_duration_seconds",
                "From the head of a request to the end of its answer; whole relayed connections.",
                spread,
                "plane",
                plane,
                "app",
                app));
  }

  private static void add(String plane, ProxyCounters.Route route, Meter meter, Measurements to) {
    for (ProxyOutcome outcome : ProxyOutcome.values()) {
      long count = meter.outcomes(outcome.index());
      if (count > 0) {
        to.counter(
            "dromos_requests_total",
            "Requests and relayed connections that ended, by how they did.",
            count,
            "plane",
            plane,
            "app",
            route.app(),
            "route",
            route.name(),
            "outcome",
            outcome.name().toLowerCase(Locale.ROOT));
      }
    }
    bytes(plane, route, "in", meter.get(Count.BYTES_IN), to);
    bytes(plane, route, "out", meter.get(Count.BYTES_OUT), to);
    to.counter(
        "dromos_request_retries_total",
        "Further attempts after a backend did not take a request.",
        meter.get(Count.RETRIES),
        "plane",
        plane,
        "app",
        route.app(),
        "route",
        route.name());
    to.gauge(
        "dromos_requests_open",
        "Requests and relayed connections that go on.",
        meter.open(),
        "plane",
        plane,
        "app",
        route.app(),
        "route",
        route.name());
  }

  private static void bytes(
      String plane, ProxyCounters.Route route, String direction, long count, Measurements to) {
    to.counter(
        "dromos_request_bytes_total",
        "Bytes that went to backends (in) and came from them (out).",
        count,
        "plane",
        plane,
        "app",
        route.app(),
        "route",
        route.name(),
        "direction",
        direction);
  }
}
