package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How requests ended, by app and {@link ProxyOutcome}. Counts since start; thread-safe. */
public final class ProxyCounters {
  /** Stands for the app where none was found. */
  public static final String NO_APP = "";

  private final Map<String, Map<ProxyOutcome, LongAdder>> byApp = new ConcurrentHashMap<>();

  void count(@Nullable AppId app, ProxyOutcome outcome) {
    LongAdder adder =
        byApp.computeIfAbsent(app == null ? NO_APP : app.path(), path -> adders()).get(outcome);
    if (adder != null) {
      adder.increment();
    }
  }

  /** Requests by app path, or {@link #NO_APP}, and outcome; all outcomes present. */
  public Map<String, Map<ProxyOutcome, Long>> outcomes() {
    Map<String, Map<ProxyOutcome, Long>> copy = new TreeMap<>();
    byApp.forEach(
        (app, adders) -> {
          Map<ProxyOutcome, Long> counts = new EnumMap<>(ProxyOutcome.class);
          adders.forEach((outcome, adder) -> counts.put(outcome, adder.sum()));
          copy.put(app, Collections.unmodifiableMap(counts));
        });
    return Collections.unmodifiableMap(copy);
  }

  /** Requests that ended so, over all apps. */
  public long total(ProxyOutcome outcome) {
    return outcomes().values().stream().mapToLong(counts -> counts.getOrDefault(outcome, 0L)).sum();
  }

  private static Map<ProxyOutcome, LongAdder> adders() {
    Map<ProxyOutcome, LongAdder> adders = new EnumMap<>(ProxyOutcome.class);
    for (ProxyOutcome outcome : ProxyOutcome.values()) {
      adders.put(outcome, new LongAdder());
    }
    return adders;
  }
}
