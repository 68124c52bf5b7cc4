package io.dromos.runtime.process;

import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends tasks: SIGTERM now, SIGKILL at a deadline that is written down first, so that the next run
 * of Dromos keeps to it when this one dies in between.
 */
final class Stopper {
  private static final Logger LOG = System.getLogger(Stopper.class.getName());
  private static final long AGAIN_MILLIS = 50;

  private final Map<TaskId, Duration> requests = new ConcurrentHashMap<>();
  private final Consumer<TaskId> refresh;
  private final ExecutorService workers;
  private final ScheduledExecutorService scheduler;
  private final Clock clock;

  Stopper(
      Consumer<TaskId> refresh,
      ExecutorService workers,
      ScheduledExecutorService scheduler,
      Clock clock) {
    this.refresh = refresh;
    this.workers = workers;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Remembers the wish; true when it is the first for this task. */
  boolean request(TaskId id, Duration grace) {
    return requests.putIfAbsent(id, grace) == null;
  }

  boolean isRequested(TaskId id) {
    return requests.containsKey(id);
  }

  void forget(TaskId id) {
    requests.remove(id);
  }

  /** Fulfils the wish for a running task, in the background. */
  void begin(TaskId id, StateFiles files) {
    workers.execute(() -> terminate(id, files));
  }

  /** Goes on where an earlier run of Dromos was interrupted, if it was. */
  void resume(TaskId id, StateFiles files) throws IOException {
    Optional<StateFiles.Stop> stop = files.stop();
    Optional<StateFiles.Pids> pids = files.pids();
    if (stop.isPresent() && pids.isPresent()) {
      requests.put(id, Duration.ZERO);
      killAt(id, pids.get(), stop.get().deadline());
    }
  }

  private void terminate(TaskId id, StateFiles files) {
    try {
      Optional<StateFiles.Pids> pids = files.pids();
      if (pids.isEmpty()) {
        return;
      }
      Duration grace = requests.getOrDefault(id, Duration.ZERO);
      Instant deadline =
          files.stop().map(StateFiles.Stop::deadline).orElse(clock.instant().plus(grace));
      files.writeStop(new StateFiles.Stop(deadline));
      LOG.log(Level.INFO, "{0}: SIGTERM, SIGKILL after {1}", id, grace);
      Signals.terminate(pids.get());
      killAt(id, pids.get(), deadline);
    } catch (IOException e) {
      requests.remove(id);
      LOG.log(Level.WARNING, "cannot stop " + id + ", the next request tries again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void killAt(TaskId id, StateFiles.Pids pids, Instant deadline) {
    later(
        () -> kill(id, pids), Math.max(0, Duration.between(clock.instant(), deadline).toMillis()));
  }

  private void kill(TaskId id, StateFiles.Pids pids) {
    try {
      if (Signals.anyAlive(pids)) {
        LOG.log(Level.INFO, "{0}: SIGKILL, its grace period is over", id);
        Signals.kill(pids);
        // A fork may have raced with the signal: look again.
        later(() -> kill(id, pids), AGAIN_MILLIS);
      }
      refresh.accept(id);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot kill " + id, e);
      later(() -> kill(id, pids), 20 * AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void later(Runnable work, long millis) {
    try {
      var unused = scheduler.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed; the next start goes on");
    }
  }
}
