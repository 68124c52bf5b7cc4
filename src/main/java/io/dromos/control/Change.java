package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A wish of a user, decided against the app tree inside the transaction that stores it. */
@FunctionalInterface
public interface Change {
  /** What to do about a wish. */
  sealed interface Decision {}

  /**
   * Store these definitions, remove those apps, restart these. Versions and service ports are
   * assigned afterwards.
   *
   * @param restarts ids among {@code upserts} that get a new version even when nothing else differs
   * @param groups what else happens to the groups; those above an upserted app come into being
   *     anyway
   */
  record Proceed(
      List<AppSpec> upserts, Set<AppId> removals, Set<AppId> restarts, GroupChange groups)
      implements Decision {
    public Proceed(List<AppSpec> upserts, Set<AppId> removals, Set<AppId> restarts) {
      this(upserts, removals, restarts, GroupChange.NONE);
    }

    public Proceed {
      upserts = List.copyOf(upserts);
      removals = Set.copyOf(removals);
      restarts = Set.copyOf(restarts);
    }

    public static Proceed upsert(AppSpec spec) {
      return new Proceed(List.of(spec), Set.of(), Set.of());
    }
  }

  /**
   * What happens to groups.
   *
   * @param subject the group that was asked about, which the events name; null when apps were
   * @param saved groups as they shall be, new ones included
   * @param removed groups that go; nothing may be left below them
   */
  record GroupChange(@Nullable AppId subject, List<GroupSpec> saved, Set<AppId> removed) {
    /** A change of apps alone. */
    public static final GroupChange NONE = new GroupChange(null, List.of(), Set.of());

    public GroupChange {
      saved = List.copyOf(saved);
      removed = Set.copyOf(removed);
    }
  }

  record Refuse(Rejection rejection) implements Decision {}

  /** Pure: may be called again when a transaction is retried. */
  Decision decide(AppTree tree);
}
