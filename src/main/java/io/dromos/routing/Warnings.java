package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects sentences by app path while a snapshot is compiled; each sentence once. */
final class Warnings {
  private final Map<String, Set<String>> byApp = new TreeMap<>();

  void add(AppId app, String sentence) {
    byApp.computeIfAbsent(app.path(), path -> new LinkedHashSet<>()).add(sentence);
  }

  Map<String, List<String>> all() {
    Map<String, List<String>> copy = new TreeMap<>();
    byApp.forEach((app, sentences) -> copy.put(app, List.copyOf(sentences)));
    return copy;
  }
}
