package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.store.AppStore;
import java.time.Instant;
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
  public void setRootVersion(Instant version) {
    database.write(t -> t.rootVersion = version);
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
          Set<Instant> used =
              t.goals.values().stream()
                  .filter(goal -> goal.appId().equals(spec.id()))
                  .map(goal -> goal.version())
                  .collect(Collectors.toSet());
          int surplus = all.size() - MAX_VERSIONS;
          List<Instant> oldest =
              all.keySet().stream()
                  .limit(Math.max(0, surplus))
                  .filter(v -> !used.contains(v))
                  .toList();
          oldest.forEach(all::remove);
          for (AppId group = spec.id().parent(); !group.isRoot(); group = group.parent()) {
            t.groups.add(group);
          }
        });
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
          if (!t.apps.containsKey(id)) {
            t.versions.remove(id);
          }
        });
  }

  @Override
  public Set<AppId> groups() {
    return database.read(t -> Set.copyOf(t.groups));
  }
}
