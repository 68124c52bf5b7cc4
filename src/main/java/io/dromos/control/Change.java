package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
   */
  record Proceed(List<AppSpec> upserts, Set<AppId> removals, Set<AppId> restarts)
      implements Decision {
    public Proceed {
      upserts = List.copyOf(upserts);
      removals = Set.copyOf(removals);
      restarts = Set.copyOf(restarts);
    }

    public static Proceed upsert(AppSpec spec) {
      return new Proceed(List.of(spec), Set.of(), Set.of());
    }
  }

  record Refuse(Rejection rejection) implements Decision {}

  /** Pure: may be called again when a transaction is retried. */
  Decision decide(Map<AppId, AppSpec> current, Set<AppId> groups);
}
