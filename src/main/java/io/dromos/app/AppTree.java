package io.dromos.app;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * All groups and apps at one version of the root, by id (Marathon 1.11: {@code RootGroup}). The
 * root group is always there; a path is either an app or a group.
 *
 * @param version of the root: that of the last change
 */
public record AppTree(
    Instant version, NavigableMap<AppId, AppSpec> apps, NavigableMap<AppId, GroupSpec> groups) {
  public AppTree {
    apps = Collections.unmodifiableNavigableMap(new TreeMap<>(apps));
    NavigableMap<AppId, GroupSpec> withRoot = new TreeMap<>(groups);
    withRoot.putIfAbsent(AppId.ROOT, GroupSpec.plain(AppId.ROOT));
    groups = Collections.unmodifiableNavigableMap(withRoot);
  }

  public static AppTree of(
      Instant version, Collection<AppSpec> apps, Collection<GroupSpec> groups) {
    return new AppTree(
        version,
        apps.stream().collect(byId(AppSpec::id)),
        groups.stream().collect(byId(GroupSpec::id)));
  }

  private static <T> Collector<T, ?, NavigableMap<AppId, T>> byId(Function<T, AppId> id) {
    return Collectors.toMap(id, value -> value, (a, b) -> b, TreeMap::new);
  }

  public Optional<AppSpec> app(AppId id) {
    return Optional.ofNullable(apps.get(id));
  }

  public Optional<GroupSpec> group(AppId id) {
    return Optional.ofNullable(groups.get(id));
  }

  public boolean hasGroup(AppId id) {
    return groups.containsKey(id);
  }

  /** Every app below a group, at any depth, by id. */
  public List<AppSpec> appsBelow(AppId group) {
    return below(apps, group);
  }

  /** Every group below another one, at any depth, by id. */
  public List<GroupSpec> groupsBelow(AppId group) {
    return below(groups, group);
  }

  private static <T> List<T> below(Map<AppId, T> all, AppId group) {
    return all.entrySet().stream()
        .filter(entry -> entry.getKey().isBelow(group))
        .map(Map.Entry::getValue)
        .toList();
  }
}
