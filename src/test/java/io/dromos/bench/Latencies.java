package io.dromos.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** How long requests took that were made one after the other. */
final class Latencies {
  private final List<Double> millis = new ArrayList<>();

  void time(Callable<?> request) throws Exception {
    long began = System.nanoTime();
    var unused = request.call();
    millis.add((System.nanoTime() - began) / 1e6);
  }

  int count() {
    return millis.size();
  }

  /** Milliseconds that {@code percent} of the requests took at most. */
  double percentile(int percent) {
    List<Double> sorted = millis.stream().sorted().toList();
    return sorted.get(
        Math.min(sorted.size() - 1, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", percentile(50), percentile(99));
  }
}
