package io.dromos.routing;

import io.dromos.platform.Loops;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One plane with its own thread: takes the newest snapshot, skips those in between, tries again
 * after a failure and remembers what is served. Planes cannot hold each other up.
 */
final class PlaneLane {
  private static final Logger LOG = System.getLogger(PlaneLane.class.getName());

  private final DataPlane plane;
  private final Resolver table;
  private final Clock clock;
  private final Runnable onServed;
  private final Loops.Loop loop;
  private final Loops.Timers timers;
  private final AtomicBoolean mendDue = new AtomicBoolean();

  private volatile @Nullable RoutingSnapshot served;
  private volatile @Nullable String failure;
  private volatile PlaneReport report = PlaneReport.ALL_SERVED;
  private volatile ServedLatency latency = ServedLatency.NONE;
  private volatile Instant triedAt = Instant.EPOCH;

  PlaneLane(
      DataPlane plane,
      Resolver table,
      Loops loops,
      Clock clock,
      Duration retryAfter,
      Runnable onServed) {
    this.plane = plane;
    this.table = table;
    this.clock = clock;
    this.onServed = onServed;
    this.loop = loops.loop("plane-" + plane.name(), this::turn, retryAfter.toMillis()).start();
    this.timers = loops.timers();
    Duration pause = plane.mendEvery();
    if (!pause.isZero()) {
      timers.every(pause, pause, this::mend);
    }
  }

  /** Applies once more what is served already. */
  void mend() {
    mendDue.set(true);
    loop.signal();
  }

  private String name() {
    return plane.name();
  }

  void signal() {
    loop.signal();
  }

  /** Tries again what the plane could not serve, if the last attempt is {@code gap} ago. */
  void retryDegraded(Duration gap) {
    if (!report.degraded().isEmpty() && !clock.instant().isBefore(triedAt.plus(gap))) {
      loop.signal();
    }
  }

  private void turn() throws Exception {
    RoutingSnapshot next = table.current();
    if (next.sequence() == 0) {
      return;
    }
    RoutingSnapshot before = served;
    boolean changed = before == null || !before.sameRoutes(next);
    boolean mending = mendDue.getAndSet(false);
    if (changed || mending || failure != null || !report.degraded().isEmpty()) {
      apply(next, changed);
    }
    // In this order: a plane that recovers must not be seen alive with its old revision.
    served = next;
    failure = null;
    onServed.run();
  }

  private void apply(RoutingSnapshot next, boolean changed) throws Exception {
    triedAt = clock.instant();
    try {
      PlaneReport result = plane.apply(next);
      logDegraded(result);
      report = result;
    } catch (Exception | Error e) {
      failure = e.getMessage() == null ? e.toString() : e.getMessage();
      onServed.run();
      throw e;
    }
    if (changed && next.causedAt().isAfter(Instant.EPOCH)) {
      latency = latency.plus(Duration.between(next.causedAt(), clock.instant()));
    }
  }

  private void logDegraded(PlaneReport result) {
    for (Map.Entry<String, String> entry : result.degraded().entrySet()) {
      if (!entry.getValue().equals(report.degraded().get(entry.getKey()))) {
        LOG.log(
            Level.WARNING, "{0} cannot serve {1}: {2}", name(), entry.getKey(), entry.getValue());
      }
    }
    for (String key : report.degraded().keySet()) {
      if (!result.degraded().containsKey(key)) {
        LOG.log(Level.INFO, "{0} is no longer held up at {1}", name(), key);
      }
    }
  }

  /** Read in this order: a plane that recovers is seen alive only together with what it serves. */
  PlaneState state() {
    boolean live = failure == null;
    long revision = servedRevision();
    return new PlaneState(name(), revision, live, line(), report, latency);
  }

  private long servedRevision() {
    RoutingSnapshot now = served;
    return now == null ? 0 : now.version();
  }

  private String line() {
    String state = served == null ? "serves nothing yet" : "serves " + servedRevision();
    String reason = failure;
    if (reason != null) {
      return state + "; newer routes failed, retrying: " + reason;
    }
    Map<String, String> degraded = report.degraded();
    if (degraded.isEmpty()) {
      return state;
    }
    StringBuilder line = new StringBuilder(state).append(", degraded:");
    new TreeMap<>(degraded)
        .forEach((key, why) -> line.append(' ').append(key).append(": ").append(why).append(';'));
    line.setLength(line.length() - 1);
    return line.toString();
  }

  void drain() {
    timers.close();
    loop.close();
    plane.drain();
  }

  long open() {
    return plane.open();
  }

  void close() {
    timers.close();
    loop.close();
    plane.close();
  }
}
