package io.dromos.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.dataplane.stats.Measurements;

/** Marathon's metrics under the names that its Prometheus reporter gives them. */
final class PrometheusNames {
  private PrometheusNames() {}

  /** {@code metrics} as {@code /metrics} answers them. */
  static void add(JsonNode metrics, Measurements to) {
    metrics
        .path("gauges")
        .properties()
        .forEach(
            gauge ->
                to.gauge(
                    name(gauge.getKey()), gauge.getKey(), gauge.getValue().path("value").asLong()));
    metrics
        .path("counters")
        .properties()
        .forEach(
            counter ->
                to.counter(
                    name(counter.getKey()),
                    counter.getKey(),
                    counter.getValue().path("count").asLong()));
    metrics
        .path("timers")
        .properties()
        .forEach(
            timer -> {
              String name = name(timer.getKey());
              JsonNode values = timer.getValue();
              to.counter(
                  name + "_count", "Turns: " + timer.getKey(), values.path("count").asLong());
              for (String value : new String[] {"sum", "max", "p50", "p99"}) {
                to.gauge(
                    name + "_" + value,
                    "Of the turns: " + timer.getKey(),
                    values.path(value).asDouble());
              }
            });
  }

  /** {@code marathon_apps_active_gauge} for {@code marathon.apps.active.gauge}. */
  private static String name(String dotted) {
    return dotted.replaceAll("[^A-Za-z0-9_]", "_");
  }
}
