package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Apps with their versions, and the groups they lie in. */
public interface AppStore {
  /** How many versions of an app, and of the root, are kept (Marathon: {@code zk_max_versions}). */
  int MAX_VERSIONS = 50;

  /**
   * Serialises every change of the app tree until the transaction ends.
   *
   * @return the root version
   */
  Instant lockRoot();

  /** The root version; the epoch before the first change. */
  Instant rootVersion();

  /**
   * Gives the tree, as it stands now, a name in its history. The history is bounded by {@link
   * #MAX_VERSIONS}; a change costs as much as it touches.
   *
   * @param touched apps and groups that were saved or removed since the version before
   */
  void setRootVersion(Instant version, Collection<AppId> touched);

  /** The tree as it is now. */
  AppTree tree();

  /** Versions of the root at which the group was there, newest first; the root always is. */
  List<Instant> groupVersions(AppId group);

  /** The tree as it was at one of the versions that are kept. */
  Optional<AppTree> treeAt(Instant version);

  List<AppSpec> all();

  Optional<AppSpec> find(AppId id);

  /** Newest first. */
  List<Instant> versions(AppId id);

  Optional<AppSpec> version(AppId id, Instant version);

  /** Every stored version that a task or deployment may refer to. */
  List<AppSpec> allVersions();

  /** Stores a new version and makes it the current one; creates missing parent groups. */
  void save(AppSpec spec);

  /** As {@link #save} for each. */
  default void saveAll(Collection<AppSpec> specs) {
    specs.forEach(this::save);
  }

  /**
   * Takes the app out of the tree: {@link #find}, {@link #all} and {@link #versions} know it no
   * more. Its definitions stay readable by {@link #version} and {@link #allVersions} for the tasks
   * that still run, until {@link #forget}. Its groups stay.
   */
  void remove(AppId id);

  /** Drops what is left of an app that is not in the tree, after its last task ended. */
  void forget(AppId id);

  /** All groups, the root included. */
  Set<AppId> groups();

  /** Creates or changes a group that is not the root; creates missing groups above. */
  void saveGroup(GroupSpec group);

  /** Takes the group out of the tree; what lies below has been removed before. */
  void removeGroup(AppId group);
}
