package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.store.AppStore;
import io.dromos.store.WorldReader;
import jakarta.persistence.Query;
import java.sql.Array;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Apps, versions and groups. */
final class JpaAppStore implements AppStore {
  private static final String SAVE_VERSIONS =
      "insert into app_version (app_id, version, document, revision)"
          + " select app_id, cast(version as timestamptz), cast(document as jsonb),"
          + " (select take_revision())"
          + " from unnest(?, ?, ?) as v (app_id, version, document)"
          + " on conflict (app_id, version) do update set document = excluded.document,"
          + " revision = excluded.revision, removed = false";

  private static final String SAVE_APPS =
      "insert into app (id, version) select id, cast(version as timestamptz)"
          + " from unnest(?, ?) as a (id, version)"
          + " on conflict (id) do update set version = excluded.version";

  /** Definitions that something still runs by: the current one, and those of tasks. */
  static final String NEEDED =
      "(exists (select 1 from app a where a.id = v.app_id and a.version = v.version)"
          + " or exists (select 1 from task_goal g"
          + " where g.app_id = v.app_id and g.version = v.version))";

  private final JpaSession session;
  private final WorldReader image;
  private final JpaTreeHistory history;

  JpaAppStore(JpaSession session, WorldReader image) {
    this.session = session;
    this.image = image;
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
    while (true) {
      AppTree groups = history.groups();
      Collection<AppSpec> apps = image.load().apps().values();
      // The image may be newer than the groups. Under the lock it is not.
      if (rootVersion().equals(groups.version())) {
        return AppTree.of(groups.version(), apps, groups.groups().values());
      }
    }
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
    return image.load().apps().values().stream().sorted(Comparator.comparing(AppSpec::id)).toList();
  }

  @Override
  public Optional<AppSpec> find(AppId id) {
    return Optional.ofNullable(image.load().apps().get(id));
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
    saveAll(List.of(spec));
  }

  @Override
  public void saveAll(Collection<AppSpec> specs) {
    if (specs.isEmpty()) {
      return;
    }
    List<String> documents = specs.stream().map(DocumentCodec::encode).toList();
    Set<AppId> parents = new TreeSet<>();
    specs.forEach(spec -> parents.add(spec.id().parent()));
    session.write(
        () -> {
          session.jdbc(
              connection -> {
                Array ids = Statements.texts(connection, specs, spec -> spec.id().path());
                Array versions = Statements.instants(connection, specs, AppSpec::version);
                Array texts = Statements.texts(connection, documents, document -> document);
                Statements.update(connection, SAVE_VERSIONS, ids, versions, texts);
                return Statements.update(connection, SAVE_APPS, ids, versions);
              });
          parents.forEach(this::create);
          prune(specs.stream().map(spec -> spec.id().path()).collect(Collectors.toSet()));
        });
  }

  private void create(AppId group) {
    if (!group.isRoot()) {
      session.execute(
          "insert into app_group (path, document) values (?1, cast(?2 as jsonb))"
              + " on conflict do nothing",
          group.path(),
          DocumentCodec.encode(GroupSpec.plain(group)));
      createParents(group);
    }
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
