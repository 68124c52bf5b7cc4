package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.store.DeploymentStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deployments, delays and the queue. */
record MemoryDeploymentStore(MemoryDatabase database) implements DeploymentStore {
  static List<Deployment> running(MemoryDatabase.Tables tables) {
    return tables.deployments.values().stream()
        .filter(Deployment::isRunning)
        .sorted(Comparator.comparing(Deployment::startedAt).thenComparing(Deployment::version))
        .toList();
  }

  @Override
  public List<Deployment> running() {
    return database.read(MemoryDeploymentStore::running);
  }

  @Override
  public List<Deployment> ended(int limit) {
    return database.read(
        t ->
            t.deployments.values().stream()
                .filter(d -> !d.isRunning())
                .sorted(Comparator.comparing(MemoryDeploymentStore::endedAt).reversed())
                .limit(limit)
                .toList());
  }

  private static Instant endedAt(Deployment deployment) {
    Instant at = deployment.endedAt();
    return at == null ? Instant.MAX : at;
  }

  @Override
  public Optional<Deployment> find(String id) {
    return database.read(t -> Optional.ofNullable(t.deployments.get(id)));
  }

  @Override
  public void save(Deployment deployment) {
    long revision = database.nextRevision();
    database.write(
        t -> {
          t.deployments.put(deployment.id(), deployment);
          t.courseRevision = revision;
        });
  }

  @Override
  public List<LaunchDelay> delays() {
    return database.read(t -> List.copyOf(t.delays.values()));
  }

  @Override
  public void saveDelay(LaunchDelay delay) {
    long revision = database.nextRevision();
    database.write(
        t -> {
          t.delays.put(delay.appId(), delay);
          t.courseRevision = revision;
        });
  }

  @Override
  public void forgetDelay(AppId app) {
    database.writeIf(
        t -> t.delays.containsKey(app),
        t -> {
          t.delays.remove(app);
          t.courseRevision = t.revision;
        });
  }

  @Override
  public List<QueueEntry> queue() {
    return database.read(t -> List.copyOf(t.queue.values()));
  }

  @Override
  public boolean changedSince(long revision) {
    return database.read(t -> t.courseRevision > revision);
  }

  @Override
  public void changeQueue(Collection<QueueEntry> changed, Set<AppId> gone) {
    database.writeIf(
        t -> !changed.isEmpty() || gone.stream().anyMatch(t.queue::containsKey),
        t -> {
          gone.forEach(t.queue::remove);
          changed.forEach(entry -> t.queue.put(entry.appId(), entry));
        });
  }

  @Override
  public void saveQueue(Collection<QueueEntry> entries) {
    database.writeIf(
        t -> !Set.copyOf(entries).equals(Set.copyOf(t.queue.values())),
        t -> {
          t.queue.clear();
          entries.forEach(entry -> t.queue.put(entry.appId(), entry));
        });
  }
}
