package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.store.AppStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Apps, versions and groups. Transactions are serial, so the root is always locked. */
record MemoryAppStore(MemoryDatabase database) implements AppStore {
  @Override
  public Instant lockRoot() {
    return rootVersion();
  }

  @Override
  public Instant rootVersion() {
    return database.read(t -> t.rootVersion);
  }

  @Override
  public void setRootVersion(Instant version, Collection<AppId> touched) {
    database.nextRevision();
    database.write(
        t -> {
          t.rootVersion = version;
          t.trees.put(version, now(t));
          while (t.trees.size() > MAX_VERSIONS) {
            t.trees.pollFirstEntry();
          }
        });
  }

  @Override
  public AppTree tree() {
    return database.read(MemoryAppStore::now);
  }

  private static AppTree now(MemoryDatabase.Tables t) {
    return AppTree.of(t.rootVersion, t.apps.values(), t.groups.values());
  }

  @Override
  public List<Instant> groupVersions(AppId group) {
    return database.read(
        t ->
            t.trees.descendingMap().values().stream()
                .filter(tree -> tree.hasGroup(group))
                .map(AppTree::version)
                .toList());
  }

  @Override
  public Optional<AppTree> treeAt(Instant version) {
    return database.read(t -> Optional.ofNullable(t.trees.get(version)));
  }

  @Override
  public List<AppSpec> all() {
    return database.read(t -> List.copyOf(t.apps.values()));
  }

  @Override
  public Optional<AppSpec> find(AppId id) {
    return database.read(t -> Optional.ofNullable(t.apps.get(id)));
  }

  @Override
  public List<Instant> versions(AppId id) {
    return database.read(
        t ->
            t.apps.containsKey(id)
                ? List.copyOf(t.versions.getOrDefault(id, new TreeMap<>()).descendingKeySet())
                : List.of());
  }

  @Override
  public Optional<AppSpec> version(AppId id, Instant version) {
    return database.read(
        t -> Optional.ofNullable(t.versions.getOrDefault(id, new TreeMap<>()).get(version)));
  }

  @Override
  public List<AppSpec> allVersions() {
    return database.read(
        t -> t.versions.values().stream().flatMap(all -> all.values().stream()).toList());
  }

  @Override
  public void save(AppSpec spec) {
    database.nextRevision();
    database.write(
        t -> {
          t.apps.put(spec.id(), spec);
          TreeMap<Instant, AppSpec> all =
              t.versions.computeIfAbsent(spec.id(), id -> new TreeMap<>());
          all.put(spec.version(), spec);
          Set<Instant> used = used(t, spec.id());
          int surplus = all.size() - MAX_VERSIONS;
          List<Instant> oldest =
              all.keySet().stream()
                  .limit(Math.max(0, surplus))
                  .filter(v -> !used.contains(v))
                  .toList();
          oldest.forEach(all::remove);
          createParents(t, spec.id());
        });
  }

  private static Set<Instant> used(MemoryDatabase.Tables tables, AppId id) {
    return tables.goals.values().stream()
        .filter(goal -> goal.appId().equals(id))
        .map(goal -> goal.version())
        .collect(Collectors.toSet());
  }

  @Override
  public void remove(AppId id) {
    database.nextRevision();
    database.write(t -> t.apps.remove(id));
  }

  @Override
  public void forget(AppId id) {
    database.nextRevision();
    database.write(
        t -> {
          TreeMap<Instant, AppSpec> left = t.versions.get(id);
          if (!t.apps.containsKey(id) && left != null) {
            left.keySet().retainAll(used(t, id));
          }
        });
  }

  @Override
  public Set<AppId> groups() {
    return database.read(t -> Set.copyOf(t.groups.keySet()));
  }

  @Override
  public void saveGroup(GroupSpec group) {
    database.nextRevision();
    database.write(
        t -> {
          t.groups.put(group.id(), group);
          createParents(t, group.id());
        });
  }

  private static void createParents(MemoryDatabase.Tables t, AppId child) {
    for (AppId group = child.parent(); !group.isRoot(); group = group.parent()) {
      t.groups.putIfAbsent(group, GroupSpec.plain(group));
    }
  }

  @Override
  public void removeGroup(AppId group) {
    database.nextRevision();
    database.write(t -> t.groups.remove(group));
  }
}
