package io.dromos.runtime.simulated;

import io.dromos.app.AppSpec;
import io.dromos.platform.Loops;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.TaskId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Pretends to run every task, Docker ones included: no process, no container, no port and no
 * sandbox. An app says by {@link Script#NAME}, as an environment variable or a label, how its tasks
 * live; the others follow the script of the settings. Tasks outlive a restart by a journal.
 */
public final class SimulatedRuntime implements TaskRuntime {
  /** A task, and its status for as long as that stays the same. */
  private static final class Played {
    private final Life life;
    private final RuntimeStatus status;
    private final Instant until;

    private Played(Life life, RuntimeStatus status, Instant until) {
      this.life = life;
      this.status = status;
      this.until = until;
    }

    static Played of(Life life, Instant now) {
      return new Played(life, life.at(now), life.nextChange(now).orElse(Instant.MAX));
    }

    Played at(Instant now) {
      return now.isBefore(until) ? this : of(life, now);
    }
  }

  private final Map<TaskId, Played> tasks = new ConcurrentHashMap<>();
  private final List<Consumer<TaskId>> listeners = new CopyOnWriteArrayList<>();
  private final Script script;
  private final Journal journal;
  private final Loops.Timers timers;
  private final Clock clock;

  /**
   * Takes over the tasks that an earlier run wrote down.
   *
   * @param script of apps that have none
   * @param journal file that outlives this process; made if it isn't there
   */
  public SimulatedRuntime(Script script, Path journal, Loops loops, Clock clock) {
    this.script = script;
    this.journal = new Journal(journal);
    this.clock = clock;
    this.timers = loops.timers();
    this.journal.read().values().forEach(this::play);
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public Set<String> features() {
    return Set.of("process", "docker", name());
  }

  @Override
  public boolean needsSandbox() {
    return false;
  }

  @Override
  public boolean accepts(AppSpec app) {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public synchronized void launch(LaunchSpec spec) {
    if (tasks.containsKey(spec.id())) {
      return;
    }
    Instant now = now();
    try {
      Life life = Life.begun(spec.id(), scriptOf(spec.app()), now);
      journal.launched(life);
      play(life);
    } catch (IllegalArgumentException e) {
      refuse(spec.id(), now, Script.NAME + ": " + e.getMessage());
    }
  }

  private Script scriptOf(AppSpec app) {
    return script.with(
        app.env().getOrDefault(Script.NAME, app.labels().getOrDefault(Script.NAME, "")));
  }

  /** A script that nobody can read is a launch that no repeat can mend. */
  private void refuse(TaskId id, Instant now, String why) {
    tasks.put(
        id,
        new Played(
            Life.begun(id, script, now), new RuntimeStatus.Failed(now, true, why), Instant.MAX));
    listeners.forEach(listener -> listener.accept(id));
  }

  private void play(Life life) {
    Played played = Played.of(life, now());
    tasks.put(life.id(), played);
    await(played);
  }

  private void await(Played played) {
    if (!played.until.equals(Instant.MAX)) {
      Duration left = Duration.between(now(), played.until);
      timers.after(left.isNegative() ? Duration.ZERO : left, () -> changed(played.life.id()));
    }
  }

  private void changed(TaskId id) {
    Instant now = now();
    Played next = tasks.computeIfPresent(id, (key, played) -> played.at(now));
    if (next != null) {
      await(next);
      listeners.forEach(listener -> listener.accept(id));
    }
  }

  @Override
  public Map<TaskId, RuntimeStatus> inspect() {
    Instant now = now();
    Map<TaskId, RuntimeStatus> seen = new HashMap<>(2 * tasks.size());
    tasks.forEach((id, played) -> seen.put(id, played.at(now).status));
    return seen;
  }

  @Override
  public synchronized void stop(TaskId id, Duration grace) {
    Played played = tasks.get(id);
    if (played == null || played.life.stopAt() != null) {
      return;
    }
    Life stopped = played.life.stopped(now(), grace);
    journal.stopped(stopped);
    play(stopped);
    listeners.forEach(listener -> listener.accept(id));
  }

  @Override
  public synchronized void forget(TaskId id) {
    Played played = tasks.get(id);
    if (played == null || !isOver(played.at(now()).status)) {
      return;
    }
    tasks.remove(id);
    journal.forgotten(
        id, tasks.size(), () -> tasks.values().stream().map(left -> left.life).toList());
  }

  private static boolean isOver(RuntimeStatus status) {
    return status instanceof RuntimeStatus.Ended || status instanceof RuntimeStatus.Failed;
  }

  /** Whatever is asked, the script answers. */
  @Override
  public int probe(LaunchSpec spec, String command, Duration timeout) {
    return isHealthy(spec.id()) ? 0 : 1;
  }

  /** What a health check of any kind finds. */
  public boolean isHealthy(TaskId id) {
    Played played = tasks.get(id);
    return played != null && played.life.isHealthy(now());
  }

  @Override
  public void onChange(Consumer<TaskId> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    timers.close();
    journal.close();
  }

  /** As precise as the journal. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
