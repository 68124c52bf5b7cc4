package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.Agent;
import io.dromos.store.StoredEvent;
import io.dromos.store.Transactions;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tables of immutable values, and transactions that take a copy of them and put it back when they
 * fail. Transactions run one at a time.
 */
final class MemoryDatabase implements Transactions {
  /** A VIP name's index; {@code releasedAt} is null while the name is in use. */
  record VipIndex(int index, @Nullable Instant releasedAt) {}

  /** All tables. */
  static final class Tables {
    final Map<AppId, AppSpec> apps = new TreeMap<>();
    final Map<AppId, TreeMap<Instant, AppSpec>> versions = new TreeMap<>();
    final Map<AppId, GroupSpec> groups =
        new TreeMap<>(Map.of(AppId.ROOT, GroupSpec.plain(AppId.ROOT)));
    final TreeMap<Instant, AppTree> trees =
        new TreeMap<>(Map.of(Instant.EPOCH, AppTree.of(Instant.EPOCH, List.of(), List.of())));
    final Map<TaskId, TaskGoal> goals = new TreeMap<>();
    final Map<TaskId, TaskObservation> observations = new TreeMap<>();
    final Map<AppId, TaskFailure> failures = new TreeMap<>();
    final Map<String, Deployment> deployments = new TreeMap<>();
    final Map<AppId, LaunchDelay> delays = new TreeMap<>();
    final Map<AppId, QueueEntry> queue = new TreeMap<>();
    final Map<String, Agent> agents = new TreeMap<>();
    final Map<String, Integer> agentNumbers = new TreeMap<>();
    final Map<String, VipIndex> vips = new TreeMap<>();
    final List<StoredEvent> events = new ArrayList<>();
    Instant rootVersion = Instant.EPOCH;
    long revision;

    /** When a deployment or a launch delay changed last. */
    long courseRevision;

    long lastEvent;

    Tables copy() {
      Tables copy = new Tables();
      copy.apps.putAll(apps);
      versions.forEach((id, all) -> copy.versions.put(id, new TreeMap<>(all)));
      copy.groups.putAll(groups);
      copy.trees.clear();
      copy.trees.putAll(trees);
      copy.goals.putAll(goals);
      copy.observations.putAll(observations);
      copy.failures.putAll(failures);
      copy.deployments.putAll(deployments);
      copy.delays.putAll(delays);
      copy.queue.putAll(queue);
      copy.agents.putAll(agents);
      copy.agentNumbers.putAll(agentNumbers);
      copy.vips.putAll(vips);
      copy.events.addAll(events);
      copy.rootVersion = rootVersion;
      copy.revision = revision;
      copy.courseRevision = courseRevision;
      copy.lastEvent = lastEvent;
      return copy;
    }
  }

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private Tables tables = new Tables();
  private int depth;
  private boolean revisionTaken;
  private boolean written;
  private int commits;
  private @Nullable Tables before;
  private Runnable onWrite = () -> {};

  MemoryDatabase(Clock clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /** Reads under the lock. */
  <T> T read(java.util.function.Function<Tables, T> query) {
    lock.lock();
    try {
      return query.apply(tables);
    } finally {
      lock.unlock();
    }
  }

  /** Writes in the current transaction, or one of its own. */
  void write(java.util.function.Consumer<Tables> change) {
    run(
        () -> {
          onWrite.run();
          keepCopy();
          written = true;
          change.accept(tables);
        });
  }

  /** Called before every write inside a transaction; may throw. */
  void onWrite(Runnable listener) {
    onWrite = listener;
  }

  /** What a rollback puts back; transactions that only read need none. */
  private void keepCopy() {
    if (before == null) {
      before = tables.copy();
    }
  }

  /** Writes, and takes a revision for it, if there is anything to write. */
  void writeIf(
      java.util.function.Predicate<Tables> needed, java.util.function.Consumer<Tables> change) {
    run(
        () -> {
          if (needed.test(tables)) {
            nextRevision();
            write(change);
          }
        });
  }

  /** True while the current transaction has written. */
  boolean isDirty() {
    return read(t -> depth > 0 && written);
  }

  /** The revision of the current transaction. */
  long nextRevision() {
    return inTransaction(
        () -> {
          if (!revisionTaken) {
            keepCopy();
            tables.revision++;
            revisionTaken = true;
          }
          return tables.revision;
        });
  }

  /** Runs after the current transaction commits, never when it rolls back. */
  void afterCommit(Runnable action) {
    run(() -> afterCommit.add(action));
  }

  int commits() {
    return read(t -> commits);
  }

  @Override
  public <T> T inTransaction(Supplier<T> work) {
    List<Runnable> due = List.of();
    T result;
    lock.lock();
    try {
      depth++;
      boolean done = false;
      try {
        result = work.get();
        done = true;
      } finally {
        depth--;
        if (depth == 0) {
          revisionTaken = false;
          boolean wrote = written;
          written = false;
          if (done) {
            commits += wrote ? 1 : 0;
            due = List.copyOf(afterCommit);
          } else if (before != null) {
            tables = before;
          }
          before = null;
          afterCommit.clear();
        }
      }
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
    return result;
  }
}
