package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deployments, launch delays and the launch queue. */
public interface DeploymentStore {
  /** Running deployments, oldest first. */
  List<Deployment> running();

  /** Ended deployments, newest first. */
  List<Deployment> ended(int limit);

  Optional<Deployment> find(String id);

  /** Inserts or replaces. */
  void save(Deployment deployment);

  /** As {@link #save} for each; of one that is there twice the last counts. */
  default void saveAll(Collection<Deployment> deployments) {
    deployments.forEach(this::save);
  }

  /** Whether a deployment or a launch delay was saved or forgotten after {@code revision}. */
  boolean changedSince(long revision);

  List<LaunchDelay> delays();

  void saveDelay(LaunchDelay delay);

  void forgetDelay(AppId app);

  List<QueueEntry> queue();

  /** Replaces the whole queue; unchanged entries are not written. */
  void saveQueue(Collection<QueueEntry> entries);

  /** Inserts or replaces these entries of the queue and drops those of {@code gone}. */
  void changeQueue(Collection<QueueEntry> changed, Set<AppId> gone);
}
