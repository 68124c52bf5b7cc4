package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who waits for whom among a set of apps. A dependency may name an app or a group; a group stands
 * for every app below it. Dependencies on apps outside the set are ignored (Marathon 1.11: {@code
 * DeploymentPlan.runSpecsGroupedByLongestPath}).
 */
public final class Dependencies {
  private final Map<AppId, Set<AppId>> needs = new TreeMap<>();

  public Dependencies(Collection<AppSpec> apps) {
    Set<AppId> ids = new TreeSet<>();
    apps.forEach(app -> ids.add(app.id()));
    for (AppSpec app : apps) {
      Set<AppId> direct = new TreeSet<>();
      for (AppId named : app.dependencies()) {
        for (AppId id : ids) {
          if (id.equals(named) || id.isBelow(named)) {
            direct.add(id);
          }
        }
      }
      needs.put(app.id(), direct);
    }
  }

  /** True when some app, directly or not, waits for itself. */
  public boolean hasCycle() {
    Set<AppId> finished = new HashSet<>();
    for (AppId id : needs.keySet()) {
      if (reachesItself(id, new HashSet<>(), finished)) {
        return true;
      }
    }
    return false;
  }

  /** Apps by the length of their longest chain of dependencies, those that wait for none first. */
  public List<List<AppId>> layers() {
    if (hasCycle()) {
      throw new IllegalStateException("Dependency graph has cyclic dependencies.");
    }
    Map<AppId, Integer> depths = new HashMap<>();
    TreeMap<Integer, List<AppId>> byDepth = new TreeMap<>();
    for (AppId id : needs.keySet()) {
      byDepth.computeIfAbsent(depth(id, depths), d -> new ArrayList<>()).add(id);
    }
    return List.copyOf(byDepth.values());
  }

  private boolean reachesItself(AppId id, Set<AppId> path, Set<AppId> finished) {
    if (finished.contains(id)) {
      return false;
    }
    if (!path.add(id)) {
      return true;
    }
    for (AppId next : needs.getOrDefault(id, Set.of())) {
      if (reachesItself(next, path, finished)) {
        return true;
      }
    }
    path.remove(id);
    finished.add(id);
    return false;
  }

  private int depth(AppId id, Map<AppId, Integer> depths) {
    Integer known = depths.get(id);
    if (known != null) {
      return known;
    }
    int deepest = 0;
    for (AppId next : needs.getOrDefault(id, Set.of())) {
      deepest = Math.max(deepest, depth(next, depths) + 1);
    }
    depths.put(id, deepest);
    return deepest;
  }
}
