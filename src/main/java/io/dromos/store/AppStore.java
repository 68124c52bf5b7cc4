package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Apps with their versions, and the groups they lie in. */
public interface AppStore {
  /** How many versions of an app are kept (Marathon: {@code zk_max_versions}). */
  int MAX_VERSIONS = 50;

  /**
   * Serialises every change of the app tree until the transaction ends.
   *
   * @return the root version
   */
  Instant lockRoot();

  /** The root version; the epoch before the first change. */
  Instant rootVersion();

  void setRootVersion(Instant version);

  List<AppSpec> all();

  Optional<AppSpec> find(AppId id);

  /** Newest first. */
  List<Instant> versions(AppId id);

  Optional<AppSpec> version(AppId id, Instant version);

  /** Every stored version that a task or deployment may refer to. */
  List<AppSpec> allVersions();

  /** Stores a new version and makes it the current one; creates missing parent groups. */
  void save(AppSpec spec);

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
}
