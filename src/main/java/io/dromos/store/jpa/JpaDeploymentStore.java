package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.store.DeploymentStore;
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

  private final JpaSession session;

  JpaDeploymentStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public List<Deployment> running() {
    return session.documents(
        Deployment.class,
        "select d.document from DeploymentEntity d where d.status = 'RUNNING'"
            + " order by d.startedAt, d.id");
  }

  @Override
  public List<Deployment> ended(int limit) {
    return session.documents(
        Deployment.class,
        "select d.document from DeploymentEntity d where d.status <> 'RUNNING'"
            + " order by d.endedAt desc, d.id",
        query -> query.setMaxResults(limit));
  }

  @Override
  public Optional<Deployment> find(String id) {
    return session
        .documents(
            Deployment.class,
            "select d.document from DeploymentEntity d where d.id = :id",
            query -> query.setParameter("id", id))
        .stream()
        .findFirst();
  }

  @Override
  public void save(Deployment deployment) {
    session.write(
        () -> {
          session.em().merge(new DeploymentEntity(deployment, session.nextRevision()));
          if (!deployment.isRunning()) {
            session.em().flush();
            session.execute(
                "delete from deployment where status <> 'RUNNING' and id not in"
                    + " (select d.id from deployment d where d.status <> 'RUNNING'"
                    + " order by d.ended_at desc limit "
                    + ENDED_KEPT
                    + ")");
          }
        });
  }

  @Override
  public List<LaunchDelay> delays() {
    return session.documents(
        LaunchDelay.class, "select d.document from LaunchDelayEntity d order by d.appId");
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
    return session.documents(
        QueueEntry.class, "select q.document from QueueEntryEntity q order by q.appId");
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
