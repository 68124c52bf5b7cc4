package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.GroupSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who waits for whom among a set of apps. A dependency may name an app or a group; a group stands
 * for every app below it, and what a group depends on, all apps below it depend on. Dependencies on
 * apps outside the set are ignored (Marathon 1.11: {@code
 * DeploymentPlan.runSpecsGroupedByLongestPath}).
 *
 * <p>A path that is named is a node of the graph of its own, between those that name it and the
 * apps it stands for: the cost grows with the names, not with their product.
 */
public final class Dependencies {
  /** A point of the graph: an app, or a named path. */
  private static final class Node {
    /** One more layer when it is passed: true for apps. */
    private final boolean app;

    private final List<Node> waiting = new ArrayList<>();
    private int unmet;
    private int depth;

    Node(boolean app) {
      this.app = app;
    }

    void needs(Node other) {
      other.waiting.add(this);
      unmet++;
    }
  }

  private final TreeMap<AppId, Integer> depths = new TreeMap<>();
  private final boolean cycle;

  /**
   * Weighs the graph.
   *
   * @param groups those whose dependencies the apps share
   */
  public Dependencies(Collection<AppSpec> apps, Collection<GroupSpec> groups) {
    Map<AppId, List<AppId>> shared = new HashMap<>();
    groups.stream()
        .filter(group -> !group.dependencies().isEmpty())
        .forEach(group -> shared.put(group.id(), group.dependencies()));
    TreeMap<AppId, Node> nodes = new TreeMap<>();
    apps.forEach(app -> nodes.put(app.id(), new Node(true)));
    Map<AppId, Node> named = new TreeMap<>();
    for (AppSpec app : apps) {
      for (AppId name : names(app, shared)) {
        node(nodes, app.id()).needs(named.computeIfAbsent(name, id -> new Node(false)));
      }
    }
    named.forEach((name, node) -> atOrBelow(nodes, name).forEach(node::needs));
    List<Node> all = new ArrayList<>(nodes.values());
    all.addAll(named.values());
    cycle = !settle(all);
    nodes.forEach((id, node) -> depths.put(id, node.depth));
  }

  private static Node node(Map<AppId, Node> nodes, AppId id) {
    return nodes.computeIfAbsent(id, missing -> new Node(true));
  }

  /** Paths below one follow it, mixed with those that only begin like it. */
  private static List<Node> atOrBelow(NavigableMap<AppId, Node> nodes, AppId name) {
    List<Node> found = new ArrayList<>();
    for (Map.Entry<AppId, Node> entry : nodes.tailMap(name, true).entrySet()) {
      AppId id = entry.getKey();
      if (!id.path().startsWith(name.path())) {
        break;
      }
      if (id.equals(name) || id.isBelow(name)) {
        found.add(entry.getValue());
      }
    }
    return found;
  }

  private static Set<AppId> names(AppSpec app, Map<AppId, List<AppId>> shared) {
    if (shared.isEmpty()) {
      return Set.copyOf(app.dependencies());
    }
    Set<AppId> names = new TreeSet<>(app.dependencies());
    for (AppId group = app.id().parent(); ; group = group.parent()) {
      names.addAll(shared.getOrDefault(group, List.of()));
      if (group.isRoot()) {
        return names;
      }
    }
  }

  /** Gives every node the longest way to it; false when some wait for each other. */
  private static boolean settle(List<Node> nodes) {
    Deque<Node> met = new ArrayDeque<>();
    nodes.stream().filter(node -> node.unmet == 0).forEach(met::add);
    int settled = 0;
    for (Node node = met.poll(); node != null; node = met.poll()) {
      settled++;
      for (Node next : node.waiting) {
        next.depth = Math.max(next.depth, node.depth + (node.app ? 1 : 0));
        if (--next.unmet == 0) {
          met.add(next);
        }
      }
    }
    return settled == nodes.size();
  }

  /** True when some app, directly or not, waits for itself. */
  public boolean hasCycle() {
    return cycle;
  }

  /** Apps by the length of their longest chain of dependencies, those that wait for none first. */
  public List<List<AppId>> layers() {
    if (cycle) {
      throw new IllegalStateException("Dependency graph has cyclic dependencies.");
    }
    TreeMap<Integer, List<AppId>> layers = new TreeMap<>();
    depths.forEach((id, depth) -> layers.computeIfAbsent(depth, d -> new ArrayList<>()).add(id));
    return List.copyOf(layers.values());
  }
}
