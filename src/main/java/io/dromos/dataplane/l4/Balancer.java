package io.dromos.dataplane.l4;

import io.dromos.routing.Backend;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend of a new connection: least connections, ties in turn. A backend that failed
 * three connects in a row is passed over for ten seconds, unless there is no other. Thread-safe.
 */
final class Balancer {
  static final int FAILURES_TO_EJECT = 3;
  static final long EJECTED_NANOS = 10_000_000_000L;

  /** A task may stand behind one VIP with several ports. */
  private record Key(TaskId task, String endpoint) {}

  private final LongSupplier nanoTime;
  private Map<Key, Target> targets = Map.of();
  private List<Target> order = List.of();
  private int next;

  Balancer(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Backends of the newest snapshot; those that stay keep their counts. */
  void update(List<Backend> backends) {
    Map<Key, Target> before;
    synchronized (this) {
      before = targets;
    }
    Map<Key, Target> fresh = new HashMap<>();
    for (Backend backend : backends) {
      Key key = new Key(backend.task(), backend.endpoint());
      if (!before.containsKey(key)) {
        fresh.put(key, new Target(backend));
      }
    }
    synchronized (this) {
      Map<Key, Target> after = new HashMap<>();
      List<Target> listed = new ArrayList<>();
      for (Backend backend : backends) {
        Key key = new Key(backend.task(), backend.endpoint());
        Target target = before.getOrDefault(key, fresh.get(key));
        if (target != null && after.putIfAbsent(key, target) == null) {
          target.update(backend);
          listed.add(target);
        }
      }
      targets = after;
      order = listed;
    }
  }

  /**
   * Takes one more connection on the best backend that is not among {@code tried}; null when none
   * accepts. The caller {@link #release}s it.
   */
  synchronized @Nullable Target take(Collection<Target> tried) {
    long now = nanoTime.getAsLong();
    Target best = null;
    int bestIndex = 0;
    for (int i = 0; i < order.size(); i++) {
      int index = (next + i) % order.size();
      Target target = order.get(index);
      if (target.usable() && !tried.contains(target) && better(target, best, now)) {
        best = target;
        bestIndex = index;
      }
    }
    if (best != null) {
      next = bestIndex + 1;
      best.count(1);
    }
    return best;
  }

  private static boolean better(Target target, @Nullable Target best, long now) {
    if (best == null) {
      return true;
    }
    boolean out = target.ejected(now);
    return out == best.ejected(now) ? target.connections() < best.connections() : !out;
  }

  synchronized void release(Target target) {
    target.count(-1);
  }

  synchronized void succeeded(Target target) {
    target.succeeded();
  }

  synchronized void failed(Target target) {
    target.failed(nanoTime.getAsLong() + EJECTED_NANOS, FAILURES_TO_EJECT);
  }

  /** Whether a flow may stay on the target: it is still listed, draining or not. */
  synchronized boolean lists(Target target) {
    return order.contains(target);
  }
}
