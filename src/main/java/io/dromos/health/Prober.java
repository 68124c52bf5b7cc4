package io.dromos.health;

import io.dromos.app.HealthCheck;
import io.dromos.platform.Loops;
import io.dromos.task.HealthResult;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Probes the running tasks of this node, each check on its own schedule, and remembers the results
 * until somebody asks. Probes of one check never overlap.
 */
public final class Prober implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Prober.class.getName());

  /** One watched task: what is known of each of its checks. */
  private static final class Watch extends Watches.Watch {
    private final ProbeTarget target;
    private final List<HealthResult> results;
    private boolean anyResult;

    Watch(ProbeTarget target) {
      this.target = target;
      boolean known = target.known().size() == target.checks().size();
      this.results =
          new ArrayList<>(
              known
                  ? target.known()
                  : Collections.nCopies(target.checks().size(), HealthResult.UNKNOWN));
      this.anyResult = known;
    }

    synchronized HealthResult result(int index) {
      return results.get(index);
    }

    synchronized void set(int index, HealthResult result) {
      results.set(index, result);
      anyResult = true;
    }

    synchronized List<HealthResult> results() {
      return anyResult ? List.copyOf(results) : List.of();
    }
  }

  private final Watches<ProbeTarget, Watch> watches = new Watches<>(ProbeTarget::id, Watch::new);
  private final Loops.Timers timers;
  private final Probe probe;
  private final Clock clock;
  private final Runnable onResult;

  /**
   * @param onResult called on any thread when there are new results; must only signal
   */
  public Prober(Probe probe, Loops loops, Clock clock, Runnable onResult) {
    this.timers = loops.timers();
    this.probe = probe;
    this.clock = clock;
    this.onResult = onResult;
  }

  /** Probes exactly these from now on; tasks that are probed already go on undisturbed. */
  public void keep(Collection<ProbeTarget> targets) {
    watches.keep(targets, this::begin);
  }

  /** One result per check of a task; empty while there is none, or when it isn't probed. */
  public List<HealthResult> results(TaskId id) {
    Watch watch = watches.of(id);
    return watch == null ? List.of() : watch.results();
  }

  @Override
  public void close() {
    timers.close();
    probe.close();
  }

  private void begin(Watch watch) {
    for (int i = 0; i < watch.target.checks().size(); i++) {
      later(watch, i, CheckSchedule.first(watch.target.checks().get(i), watch.result(i)));
    }
  }

  private void later(Watch watch, int index, Duration pause) {
    timers.workAfter(pause, () -> probe(watch, index, pause));
  }

  private void probe(Watch watch, int index, Duration pause) {
    if (watch.hasEnded()) {
      return;
    }
    ProbeTarget target = watch.target;
    HealthCheck check = target.checks().get(index);
    Instant began = clock.instant();
    try {
      ProbeOutcome outcome = probe.probe(target, index);
      Instant now = clock.instant();
      HealthResult before = watch.result(index);
      Optional<HealthResult> after =
          CheckSchedule.judge(check, before, outcome, target.startedAt(), now);
      after.ifPresent(result -> watch.set(index, result));
      log(target.id(), check, before, after);
      Duration next =
          CheckSchedule.next(check, watch.result(index), pause, target.startedAt(), now);
      // The interval runs from probe to probe, however long an answer took.
      Duration rest = next.minus(Duration.between(began, now));
      later(watch, index, rest.isNegative() ? Duration.ZERO : rest);
      if (after.isPresent() && !watch.hasEnded()) {
        onResult.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void log(
      TaskId id, HealthCheck check, HealthResult before, Optional<HealthResult> after) {
    if (after.isPresent() && after.get().alive() != before.alive()) {
      LOG.log(
          Level.INFO,
          "{0}: {1} check {2}",
          id,
          check.protocol(),
          after.get().alive() ? "passes" : "fails: " + after.get().lastFailureCause());
    } else if (after.isPresent() && after.get().consecutiveFailures() == 1) {
      LOG.log(
          Level.INFO,
          "{0}: {1} check fails: {2}",
          id,
          check.protocol(),
          after.get().lastFailureCause());
    }
  }
}
