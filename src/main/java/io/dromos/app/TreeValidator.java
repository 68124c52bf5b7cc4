package io.dromos.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold between the apps and groups of the whole tree (Marathon 1.11: {@code RootGroup}
 * validation).
 */
public final class TreeValidator {
  private TreeValidator() {}

  /**
   * Judges the tree as it would be.
   *
   * @param apps every app after the change
   * @param groups the groups that exist already
   */
  public static List<Violation> validate(Map<AppId, AppSpec> apps, Set<AppId> groups) {
    List<Violation> out = new ArrayList<>();
    Set<AppId> all = new HashSet<>(groups);
    for (AppId app : apps.keySet()) {
      for (AppId group = app.parent(); !group.isRoot(); group = group.parent()) {
        all.add(group);
      }
    }
    if (apps.keySet().stream().anyMatch(all::contains)) {
      out.add(new Violation("/", "Groups and Applications may not have the same identifier."));
    }
    Map<AppId, Integer> marks = new HashMap<>();
    for (AppId app : apps.keySet()) {
      if (isCyclic(app, apps, marks)) {
        out.add(new Violation("/", "Dependency graph has cyclic dependencies."));
        break;
      }
    }
    return out;
  }

  /** Depth first; mark 1 is on the path, 2 is done. */
  private static boolean isCyclic(AppId id, Map<AppId, AppSpec> apps, Map<AppId, Integer> marks) {
    Integer mark = marks.get(id);
    if (mark != null) {
      return mark == 1;
    }
    marks.put(id, 1);
    AppSpec spec = apps.get(id);
    List<AppId> dependencies = spec == null ? List.of() : spec.dependencies();
    for (AppId dependency : dependencies) {
      for (AppId next : members(dependency, apps)) {
        if (isCyclic(next, apps, marks)) {
          return true;
        }
      }
    }
    marks.put(id, 2);
    return false;
  }

  /** Depending on a group is depending on every app in it. */
  private static List<AppId> members(AppId dependency, Map<AppId, AppSpec> apps) {
    return apps.containsKey(dependency)
        ? List.of(dependency)
        : apps.keySet().stream().filter(app -> app.isBelow(dependency)).toList();
  }
}
