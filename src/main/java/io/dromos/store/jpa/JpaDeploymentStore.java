package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.store.DeploymentStore;
import io.dromos.store.WorldReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Deployments, launch delays and the queue. */
final class JpaDeploymentStore implements DeploymentStore {
  /** Ended deployments kept for display. */
  private static final int ENDED_KEPT = 500;

  private static final String SAVE =
      "insert into deployment (id, status, started_at, ended_at, document, revision)"
          + " select id, status, cast(started_at as timestamptz), cast(ended_at as timestamptz),"
          + " cast(document as jsonb), (select take_revision())"
          + " from unnest(?, ?, ?, ?, ?) as d (id, status, started_at, ended_at, document)"
          + " on conflict (id) do update set status = excluded.status,"
          + " ended_at = excluded.ended_at, document = excluded.document,"
          + " revision = excluded.revision";

  private static final String PRUNE =
      "delete from deployment where status <> 'RUNNING' and ended_at <"
          + " (select ended_at from deployment where status <> 'RUNNING'"
          + " order by ended_at desc offset ? limit 1)";

  private static final String CHANGED =
      "with since as (select cast(? as bigint) as revision)"
          + " select exists (select 1 from deployment d, since where d.revision > since.revision)"
          + " or exists (select 1 from launch_delay d, since where d.revision > since.revision)"
          + " or exists (select 1 from tombstone t, since where t.revision > since.revision"
          + " and t.kind in ('deployment', 'launch_delay'))";

  private final JpaSession session;
  private final WorldReader image;

  JpaDeploymentStore(JpaSession session, WorldReader image) {
    this.session = session;
    this.image = image;
  }

  @Override
  public List<Deployment> running() {
    return image.load().deployments();
  }

  @Override
  public List<Deployment> ended(int limit) {
    return deployments("where status <> 'RUNNING' order by ended_at desc, id limit ?", limit);
  }

  @Override
  public Optional<Deployment> find(String id) {
    return deployments("where id = ?", id).stream().findFirst();
  }

  private List<Deployment> deployments(String which, Object... parameters) {
    return session.jdbc(
        connection ->
            Statements.rows(
                connection,
                "select cast(document as text) from deployment " + which,
                row -> DocumentCodec.decode(row.getString(1), Deployment.class),
                parameters));
  }

  @Override
  public void save(Deployment deployment) {
    saveAll(List.of(deployment));
  }

  @Override
  public void saveAll(Collection<Deployment> deployments) {
    if (deployments.isEmpty()) {
      return;
    }
    List<String> documents = deployments.stream().map(DocumentCodec::encode).toList();
    session.writeJdbc(
        connection -> {
          Statements.update(
              connection,
              SAVE,
              Statements.texts(connection, deployments, Deployment::id),
              Statements.texts(connection, deployments, d -> d.status().name()),
              Statements.instants(connection, deployments, Deployment::startedAt),
              Statements.instants(connection, deployments, Deployment::endedAt),
              Statements.texts(connection, documents, document -> document));
          if (!deployments.stream().allMatch(Deployment::isRunning)) {
            Statements.update(connection, PRUNE, ENDED_KEPT);
          }
          return true;
        });
  }

  @Override
  public boolean changedSince(long revision) {
    return session
        .jdbc(
            connection -> Statements.rows(connection, CHANGED, row -> row.getBoolean(1), revision))
        .contains(true);
  }

  @Override
  public List<LaunchDelay> delays() {
    return image.load().delays();
  }

  @Override
  public void saveDelay(LaunchDelay delay) {
    session.write(() -> session.em().merge(new LaunchDelayEntity(delay)));
  }

  @Override
  public void forgetDelay(AppId app) {
    session.write(() -> session.execute("delete from launch_delay where app_id = ?1", app.path()));
  }

  @Override
  public List<QueueEntry> queue() {
    return image.load().queue();
  }

  @Override
  public void saveQueue(Collection<QueueEntry> entries) {
    session.write(
        () -> {
          Map<AppId, QueueEntry> stored = new HashMap<>();
          queue().forEach(entry -> stored.put(entry.appId(), entry));
          List<QueueEntry> changed =
              entries.stream()
                  .filter(entry -> !entry.equals(stored.remove(entry.appId())))
                  .toList();
          changeQueue(changed, stored.keySet());
        });
  }

  @Override
  public void changeQueue(Collection<QueueEntry> changed, Set<AppId> gone) {
    if (changed.isEmpty() && gone.isEmpty()) {
      return;
    }
    session.write(
        () -> {
          changed.forEach(entry -> session.em().merge(new QueueEntryEntity(entry)));
          for (AppId app : gone) {
            session.execute("delete from queue_entry where app_id = ?1", app.path());
          }
        });
  }
}
