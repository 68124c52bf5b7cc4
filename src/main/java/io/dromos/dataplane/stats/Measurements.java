package io.dromos.dataplane.stats;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One scrape in Prometheus' text format (version 0.0.4): values are added in any order, each family
 * is written once, with its help.
 */
public final class Measurements {
  private record Family(String type, String help, StringBuilder samples) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * A value that only grows.
   *
   * @param labels names and values in turn
   */
  public void counter(String name, String help, long value, String... labels) {
    add(name, name, "counter", help, Long.toString(value), labels);
  }

  /** A value that goes up and down. */
  public void gauge(String name, String help, long value, String... labels) {
    add(name, name, "gauge", help, Long.toString(value), labels);
  }

  /** The same with fractions. */
  public void gauge(String name, String help, double value, String... labels) {
    add(name, name, "gauge", help, Double.toString(value), labels);
  }

  /** How long things took, in seconds. */
  public void histogram(String name, String help, Spread spread, String... labels) {
    long below = 0;
    for (int i = 0; i < Spread.BUCKETS; i++) {
      below += spread.buckets().get(i);
      String[] bounded = java.util.Arrays.copyOf(labels, labels.length + 2);
      bounded[labels.length] = "le";
      bounded[labels.length + 1] = Spread.upper(i);
      add(name, name + "_bucket", "histogram", help, Long.toString(below), bounded);
    }
    String sum = Double.toString(spread.totalMicros() / 1_000_000.0);
    add(name, name + "_sum", "histogram", help, sum, labels);
    add(name, name + "_count", "histogram", help, Long.toString(below), labels);
  }

  private void add(
      String family, String sample, String type, String help, String value, String... labels) {
    StringBuilder to =
        families
            .computeIfAbsent(family, name -> new Family(type, help, new StringBuilder()))
            .samples();
    to.append(sample);
    for (int i = 0; i < labels.length; i += 2) {
      to.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      escape(labels[i + 1], to);
      to.append('"');
    }
    to.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
  }

  private static void escape(String text, StringBuilder to) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> to.append("\\\\");
        case '"' -> to.append("\\\"");
        case '\n' -> to.append("\\n");
        default -> to.append(c);
      }
    }
  }

  /** The whole of it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) ->
            text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(family.help().replace("\\", "\\\\").replace("\n", "\\n"))
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(family.type())
                .append('\n')
                .append(family.samples()));
    return text.toString();
  }
}
