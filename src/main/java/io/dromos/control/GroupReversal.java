package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.store.AppStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts back what a change did to groups, as far as nobody else has built on it since: groups that
 * it created go when nothing is left in them, groups that it removed return, and changed ones get
 * back what they depended on (Marathon 1.11: {@code DeploymentPlanReverter}).
 */
final class GroupReversal {
  private GroupReversal() {}

  /**
   * Adds the groups to the reversal of a deployment's apps. What the tree was is read from its
   * history; a deployment older than that leaves the groups alone.
   *
   * @param apps reverts the apps
   * @param version the root version that the deployment led to
   */
  static Change.Proceed with(Change.Proceed apps, Instant version, AppTree now, AppStore store) {
    Optional<AppTree> then = store.treeAt(version);
    Optional<AppTree> before =
        store.groupVersions(AppId.ROOT).stream()
            .filter(earlier -> earlier.isBefore(version))
            .findFirst()
            .flatMap(store::treeAt);
    return then.isEmpty() || before.isEmpty()
        ? apps
        : new Change.Proceed(
            apps.upserts(),
            apps.removals(),
            apps.restarts(),
            groups(apps, before.get(), then.get(), now));
  }

  private static Change.GroupChange groups(
      Change.Proceed apps, AppTree before, AppTree then, AppTree now) {
    List<GroupSpec> saved = new ArrayList<>();
    for (GroupSpec old : before.groups().values()) {
      Optional<GroupSpec> made = then.group(old.id());
      boolean touched = !made.equals(Optional.of(old));
      if (touched && now.group(old.id()).equals(made)) {
        saved.add(old);
      }
    }
    Set<AppId> inUse = new TreeSet<>();
    now.apps().keySet().stream().filter(id -> !apps.removals().contains(id)).forEach(inUse::add);
    apps.upserts().forEach(spec -> inUse.add(spec.id()));
    List<AppId> created = new ArrayList<>(then.groups().keySet());
    created.removeAll(before.groups().keySet());
    Set<AppId> removed = new TreeSet<>();
    for (AppId kept : now.groups().keySet()) {
      if (!created.contains(kept) || !now.group(kept).equals(then.group(kept))) {
        inUse.add(kept);
      }
    }
    for (AppId group : created) {
      if (!inUse.contains(group) && inUse.stream().noneMatch(id -> id.isBelow(group))) {
        removed.add(group);
      }
    }
    return new Change.GroupChange(null, saved, removed);
  }
}
