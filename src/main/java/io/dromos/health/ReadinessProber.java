package io.dromos.health;

import io.dromos.app.ReadinessCheck;
import io.dromos.platform.Loops;
import io.dromos.task.ReadinessResult;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks running tasks whether they are ready: at once, then at the check's interval until the first
 * answer that says so, and not any more after that (Marathon 1.11: {@code ReadinessBehavior}).
 */
public final class ReadinessProber implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ReadinessProber.class.getName());

  /** One watched task: what is known of each of its checks. */
  private static final class Watch extends Watches.Watch {
    private final ReadinessTarget target;
    private final @Nullable ReadinessResult[] results;

    Watch(ReadinessTarget target) {
      this.target = target;
      this.results = new ReadinessResult[target.checks().size()];
      for (int i = 0; i < results.length; i++) {
        String name = target.checks().get(i).name();
        results[i] =
            target.known().stream().filter(r -> r.name().equals(name)).findFirst().orElse(null);
      }
    }

    synchronized boolean isReady(int index) {
      ReadinessResult result = results[index];
      return result != null && result.ready();
    }

    synchronized void set(int index, ReadinessResult result) {
      results[index] = result;
    }

    synchronized List<ReadinessResult> results() {
      return java.util.Arrays.stream(results).filter(Objects::nonNull).toList();
    }
  }

  private final Watches<ReadinessTarget, Watch> watches =
      new Watches<>(ReadinessTarget::id, Watch::new);
  private final ReadinessProbe probe;
  private final Loops.Timers timers;
  private final Clock clock;
  private final Runnable onResult;

  /**
   * @param onResult called on any thread when there are new results; must only signal
   */
  public ReadinessProber(ReadinessProbe probe, Loops loops, Clock clock, Runnable onResult) {
    this.probe = probe;
    this.timers = loops.timers();
    this.clock = clock;
    this.onResult = onResult;
  }

  /** Asks exactly these from now on; tasks that are asked already go on undisturbed. */
  public void keep(Collection<ReadinessTarget> targets) {
    watches.keep(targets, this::begin);
  }

  /** One result per check that was answered; empty while there is none, or nobody asks. */
  public List<ReadinessResult> results(TaskId id) {
    Watch watch = watches.of(id);
    return watch == null ? List.of() : watch.results();
  }

  @Override
  public void close() {
    timers.close();
    probe.close();
  }

  private void begin(Watch watch) {
    IntStream.range(0, watch.target.checks().size())
        .filter(index -> !watch.isReady(index))
        .forEach(index -> later(watch, index, Duration.ZERO));
  }

  private void later(Watch watch, int index, Duration pause) {
    timers.workAfter(pause, () -> probe(watch, index));
  }

  private void probe(Watch watch, int index) {
    if (watch.hasEnded()) {
      return;
    }
    ReadinessCheck check = watch.target.checks().get(index);
    Instant began = clock.instant();
    try {
      ReadinessResult result = probe.probe(watch.target, index);
      watch.set(index, result);
      if (result.ready()) {
        LOG.log(Level.INFO, "{0}: ready, says check {1}", watch.target.id(), check.name());
      } else {
        // The interval runs from question to question, however long an answer took.
        Duration rest =
            Duration.ofSeconds(Math.max(1, check.intervalSeconds()))
                .minus(Duration.between(began, clock.instant()));
        later(watch, index, rest.isNegative() ? Duration.ZERO : rest);
      }
      if (!watch.hasEnded()) {
        onResult.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
