package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.store.AppStore;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tree of apps and groups, now and at the versions of the root that are kept. A version is not
 * stored as a copy of the tree: rows say from which version until which other a definition was
 * current, so that a change writes only what it touches.
 */
final class JpaTreeHistory {
  /** Definitions {@code v} that some kept version of the tree shows. */
  static final String NAMED =
      "exists (select 1 from tree_app h where h.app_id = v.app_id and h.version = v.version)";

  /** What a row lacks is plain. */
  private static final String GROUP =
      "cast(jsonb_build_object('id', path, 'dependencies', jsonb_build_array()) || document as text)";

  /** One statement, for one state of the database. */
  private static final String NOW =
      "select 'group' as kind, "
          + GROUP
          + " as document from app_group"
          + " union all select 'version', to_char(version at time zone 'UTC',"
          + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from app_root";

  private static final String AT =
      "select 'app' as kind, cast(v.document as text) as document from tree_app h join app_version v"
          + " on v.app_id = h.app_id and v.version = h.version"
          + " where h.since <= ?1 and (h.until is null or h.until > ?1)"
          + " and exists (select 1 from tree_version t where t.version = ?1)"
          + " union all select 'group', "
          + GROUP
          + " from tree_group h"
          + " where h.since <= ?1 and (h.until is null or h.until > ?1)"
          + " and exists (select 1 from tree_version t where t.version = ?1)"
          + " union all select 'version', to_char(version at time zone 'UTC',"
          + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from tree_version where version = ?1";

  private final JpaSession session;

  JpaTreeHistory(JpaSession session) {
    this.session = session;
  }

  /** The tree as it is now, without its apps. */
  AppTree groups() {
    return tree(session.em().createNativeQuery(NOW))
        .orElseThrow(() -> new IllegalStateException("the root of the tree is missing"));
  }

  Optional<AppTree> at(Instant version) {
    return tree(session.em().createNativeQuery(AT).setParameter(1, Timestamp.from(version)));
  }

  private static Optional<AppTree> tree(Query query) {
    Instant version = null;
    List<AppSpec> apps = new ArrayList<>();
    List<GroupSpec> groups = new ArrayList<>();
    for (Object row : query.getResultList()) {
      Object[] columns = (Object[]) row;
      String document = (String) columns[1];
      switch ((String) columns[0]) {
        case "app" -> apps.add(DocumentCodec.decode(document, AppSpec.class));
        case "group" -> groups.add(DocumentCodec.decode(document, GroupSpec.class));
        default -> version = Instant.parse(document);
      }
    }
    return version == null ? Optional.empty() : Optional.of(AppTree.of(version, apps, groups));
  }

  List<Instant> versions(AppId group) {
    List<Instant> versions = new ArrayList<>();
    for (Object version :
        session
            .em()
            .createNativeQuery(
                "select t.version from tree_version t where ?1 = '/' or exists"
                    + " (select 1 from tree_group h where h.path = ?1 and h.since <= t.version"
                    + " and (h.until is null or h.until > t.version)) order by t.version desc")
            .setParameter(1, group.path())
            .getResultList()) {
      versions.add(((Timestamp) version).toInstant());
    }
    return versions;
  }

  /**
   * Writes down what became of the touched apps and groups, and drops versions beyond the bound;
   * under the lock.
   *
   * @return apps of which some definition is not named any more
   */
  Set<String> record(Instant version, Collection<AppId> touched) {
    Timestamp now = Timestamp.from(version);
    String ids = withParents(touched);
    session.execute(
        "update tree_app h set until = ?1 where h.until is null"
            + " and h.app_id = any(string_to_array(?2, ' ')) and not exists"
            + " (select 1 from app a where a.id = h.app_id and a.version = h.version)",
        now,
        ids);
    session.execute(
        "insert into tree_app (app_id, version, since) select a.id, a.version, ?1 from app a"
            + " where a.id = any(string_to_array(?2, ' ')) and not exists"
            + " (select 1 from tree_app h where h.app_id = a.id and h.until is null)"
            + " on conflict (app_id, since) do update set version = excluded.version, until = null",
        now,
        ids);
    session.execute(
        "update tree_group h set until = ?1 where h.until is null"
            + " and h.path = any(string_to_array(?2, ' ')) and not exists"
            + " (select 1 from app_group g where g.path = h.path and g.document = h.document)",
        now,
        ids);
    session.execute(
        "insert into tree_group (path, document, since) select g.path, g.document, ?1"
            + " from app_group g where g.path = any(string_to_array(?2, ' ')) and not exists"
            + " (select 1 from tree_group h where h.path = g.path and h.until is null)"
            + " on conflict (path, since) do update"
            + " set document = excluded.document, until = null",
        now,
        ids);
    session.execute("insert into tree_version values (?1) on conflict do nothing", now);
    return prune();
  }

  private Set<String> prune() {
    session.execute(
        "delete from tree_version where version < (select min(version) from"
            + " (select version from tree_version order by version desc limit "
            + AppStore.MAX_VERSIONS
            + ") kept)");
    session.execute(
        "delete from tree_group where until <= (select min(version) from tree_version)");
    Set<String> apps = new HashSet<>();
    for (Object id :
        session
            .em()
            .createNativeQuery(
                "delete from tree_app where until <= (select min(version) from tree_version)"
                    + " returning app_id")
            .getResultList()) {
      apps.add((String) id);
    }
    return apps;
  }

  /** Paths hold no spaces. */
  private static String withParents(Collection<AppId> touched) {
    Set<String> paths = new TreeSet<>();
    for (AppId id : touched) {
      for (AppId at = id; !at.isRoot() && paths.add(at.path()); at = at.parent()) {
        // Every group above may have come into being with it.
      }
    }
    return String.join(" ", paths);
  }
}
