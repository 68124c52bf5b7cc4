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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Apps, versions and groups. */
final class JpaAppStore implements AppStore {
  private static final String CURRENT =
      "select v.document from AppEntity a, AppVersionEntity v"
          + " where v.appId = a.id and v.version = a.version";

  /** Definitions that something still runs by: the current one, and those of tasks. */
  static final String NEEDED =
      "(exists (select 1 from app a where a.id = v.app_id and a.version = v.version)"
          + " or exists (select 1 from task_goal g"
          + " where g.app_id = v.app_id and g.version = v.version))";

  private final JpaSession session;
  private final JpaTreeHistory history;

  JpaAppStore(JpaSession session) {
    this.session = session;
    this.history = new JpaTreeHistory(session);
  }

  @Override
  public Instant lockRoot() {
    return session
        .transactions()
        .inTransaction(() -> root("select version from app_root where id = 1 for update"));
  }

  @Override
  public Instant rootVersion() {
    return root("select version from app_root where id = 1");
  }

  private Instant root(String sql) {
    return ((Timestamp) session.em().createNativeQuery(sql).getSingleResult()).toInstant();
  }

  @Override
  public void setRootVersion(Instant version, Collection<AppId> touched) {
    session.write(
        () -> {
          session.nextRevision();
          session.execute("update app_root set version = ?1 where id = 1", Timestamp.from(version));
          prune(history.record(version, touched));
        });
  }

  @Override
  public AppTree tree() {
    return history.now();
  }

  @Override
  public List<Instant> groupVersions(AppId group) {
    return history.versions(group);
  }

  @Override
  public Optional<AppTree> treeAt(Instant version) {
    return history.at(version);
  }

  @Override
  public List<AppSpec> all() {
    return session.documents(AppSpec.class, CURRENT + " order by a.id");
  }

  @Override
  public Optional<AppSpec> find(AppId id) {
    return session
        .documents(
            AppSpec.class,
            CURRENT + " and a.id = :id",
            query -> query.setParameter("id", id.path()))
        .stream()
        .findFirst();
  }

  @Override
  public List<Instant> versions(AppId id) {
    Query query =
        session
            .em()
            .createQuery(
                "select v.version from AppVersionEntity v"
                    + " where v.appId = :id and v.removed = false order by v.version desc")
            .setParameter("id", id.path())
            .setMaxResults(MAX_VERSIONS);
    List<Instant> versions = new ArrayList<>();
    for (Object version : query.getResultList()) {
      versions.add(((Timestamp) version).toInstant());
    }
    return versions;
  }

  @Override
  public Optional<AppSpec> version(AppId id, Instant version) {
    return session
        .documents(
            AppSpec.class,
            "select v.document from AppVersionEntity v"
                + " where v.appId = :id and v.version = :version",
            query ->
                query
                    .setParameter("id", id.path())
                    .setParameter("version", Timestamp.from(version)))
        .stream()
        .findFirst();
  }

  @Override
  public List<AppSpec> allVersions() {
    return session.decoded(
        AppSpec.class,
        session
            .em()
            .createNativeQuery(
                "select cast(v.document as text) from app_version v where "
                    + NEEDED
                    + " order by v.app_id, v.version"));
  }

  @Override
  public void save(AppSpec spec) {
    session.write(
        () -> {
          long revision = session.nextRevision();
          session.em().merge(new AppVersionEntity(spec, revision));
          session.em().flush();
          session.em().merge(new AppEntity(spec));
          session.em().flush();
          createParents(spec.id());
          prune(Set.of(spec.id().path()));
        });
  }

  private void createParents(AppId child) {
    for (AppId group = child.parent(); !group.isRoot(); group = group.parent()) {
      session.execute(
          "insert into app_group (path, document) values (?1, cast(?2 as jsonb))"
              + " on conflict do nothing",
          group.path(),
          DocumentCodec.encode(GroupSpec.plain(group)));
    }
  }

  /** History of these apps beyond the bound, unless something still runs by it or names it. */
  private void prune(Set<String> ids) {
    if (!ids.isEmpty()) {
      session.execute(
          "delete from app_version v where v.app_id = any(string_to_array(?1, ' ')) and not "
              + NEEDED
              + " and not "
              + JpaTreeHistory.NAMED
              + " and (v.removed or (select count(*) from app_version w where w.app_id = v.app_id"
              + " and not w.removed and w.version > v.version) >= "
              + MAX_VERSIONS
              + ")",
          String.join(" ", ids));
    }
  }

  @Override
  public void remove(AppId id) {
    session.write(
        () -> {
          session.nextRevision();
          session.execute("delete from app where id = ?1", id.path());
          session.execute("update app_version set removed = true where app_id = ?1", id.path());
        });
  }

  @Override
  public void forget(AppId id) {
    session.write(
        () -> {
          int dropped =
              session.execute(
                  "delete from app_version v where v.app_id = ?1 and v.removed and not "
                      + NEEDED
                      + " and not "
                      + JpaTreeHistory.NAMED,
                  id.path());
          if (dropped > 0) {
            session.nextRevision();
          }
        });
  }

  @Override
  public Set<AppId> groups() {
    Set<AppId> groups = new TreeSet<>(Set.of(AppId.ROOT));
    for (Object path :
        session.em().createNativeQuery("select path from app_group").getResultList()) {
      groups.add(new AppId((String) path));
    }
    return groups;
  }

  @Override
  public void saveGroup(GroupSpec group) {
    session.write(
        () -> {
          session.nextRevision();
          session.execute(
              "insert into app_group (path, document) values (?1, cast(?2 as jsonb))"
                  + " on conflict (path) do update set document = excluded.document",
              group.id().path(),
              DocumentCodec.encode(group));
          createParents(group.id());
        });
  }

  @Override
  public void removeGroup(AppId group) {
    session.write(
        () -> {
          session.nextRevision();
          session.execute("delete from app_group where path = ?1", group.path());
        });
  }
}
