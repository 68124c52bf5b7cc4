package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Backend;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import io.dromos.routing.Vip;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend of a request: fewest outstanding requests first, ties to the one that has
 * waited longest, so that equal backends take turns. A backend that refused a connection sits out
 * for {@link #EJECTION} or until the next snapshot, unless there is no other.
 */
final class BackendPicker {
  static final Duration EJECTION = Duration.ofMillis(1500);

  private static final Logger LOG = System.getLogger(BackendPicker.class.getName());

  private final int loops;
  private final Map<String, BackendLoad> loads = new ConcurrentHashMap<>();
  private final AtomicLong picks = new AtomicLong();

  /** {@code loops} event loops will count what goes to the backends. */
  BackendPicker(int loops) {
    this.loops = loops;
  }

  /** What is known about a backend; the same object for the same task and endpoint. */
  BackendLoad loadOf(Backend backend) {
    return loads.computeIfAbsent(key(backend), key -> new BackendLoad(Meter.of(loops)));
  }

  /**
   * The target to try next, counted as outstanding until {@link BackendLoad#released}; null when
   * every accepting one was tried.
   */
  @Nullable Target pick(
      List<Target> targets, Choice choice, Collection<Target> tried, long nowNanos) {
    Target chosen = choose(targets, choice, tried, nowNanos);
    if (chosen != null) {
      chosen.load().picked(picks.incrementAndGet());
    }
    return chosen;
  }

  /** The rule alone. */
  static @Nullable Target choose(
      List<Target> targets, Choice choice, Collection<Target> tried, long nowNanos) {
    Target bound = choice.bound();
    if (bound != null && usable(bound, tried) && !bound.load().ejected(nowNanos)) {
      return bound;
    }
    Target best = null;
    boolean bestEjected = true;
    for (int i = 0; i < targets.size(); i++) {
      Target candidate = targets.get(i);
      if (!usable(candidate, tried)) {
        continue;
      }
      boolean ejected = candidate.load().ejected(nowNanos);
      if (best == null
          || (bestEjected && !ejected)
          || (bestEjected == ejected && better(choice, candidate, best))) {
        best = candidate;
        bestEjected = ejected;
      }
    }
    return best;
  }

  private static boolean usable(Target target, Collection<Target> tried) {
    return target.backend().accepting() && !target.load().down() && !tried.contains(target);
  }

  private static boolean better(Choice choice, Target a, Target b) {
    return switch (choice.kind()) {
      case LEAST_BUSY, LEAST_CONNECTIONS -> lighter(a.load(), b.load());
      case ROUND_ROBIN -> a.load().lastPick() < b.load().lastPick();
      case FIRST -> false;
      case RANDOM, SOURCE, URI, PARAMETER, HEADER -> choice.weightOf(a) > choice.weightOf(b);
    };
  }

  private static boolean lighter(BackendLoad a, BackendLoad b) {
    int difference = a.outstanding() - b.outstanding();
    return difference < 0 || (difference == 0 && a.lastPick() < b.lastPick());
  }

  /** A connection could not be had. */
  void eject(Target target, String why, long nowNanos) {
    if (target.load().eject(nowNanos, EJECTION.toNanos())) {
      Backend backend = target.backend();
      LOG.log(
          Level.INFO,
          "app {0} task {1} at {2} sits out for {3} ms: {4}",
          backend.app(),
          backend.task(),
          backend.endpoint(),
          EJECTION.toMillis(),
          why);
    }
  }

  /** Forgets who is gone and gives everyone else a fresh chance. Returns the loads that stay. */
  Set<BackendLoad> retain(RoutingSnapshot snapshot) {
    Set<String> keys = new HashSet<>();
    Set<BackendLoad> kept = new HashSet<>();
    for (Vip vip : snapshot.vips()) {
      collect(vip.backends(), keys, kept);
    }
    for (VhostRoute route : snapshot.vhosts()) {
      collect(route.backends(), keys, kept);
    }
    for (ServicePort port : snapshot.servicePorts()) {
      collect(port.backends(), keys, kept);
    }
    for (EdgeService service : snapshot.services()) {
      collect(service.backends(), keys, kept);
    }
    loads.keySet().retainAll(keys);
    loads.values().forEach(BackendLoad::readmit);
    return kept;
  }

  private void collect(List<Backend> backends, Set<String> keys, Set<BackendLoad> kept) {
    for (Backend backend : backends) {
      keys.add(key(backend));
      if (backend.accepting()) {
        kept.add(loadOf(backend));
      }
    }
  }

  private static String key(Backend backend) {
    return backend.task().value() + "@" + backend.endpoint();
  }
}
