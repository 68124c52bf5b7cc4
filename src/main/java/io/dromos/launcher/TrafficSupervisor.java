package io.dromos.launcher;

import static io.dromos.launcher.StartRefusedException.ENVIRONMENT;
import static io.dromos.launcher.StartRefusedException.USAGE;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a traffic process serves. One that is found running, since the server before this
 * one was killed or told to leave it, is left alone if it is what would be started now; else a
 * successor takes over from it. One that ends by itself is started again at once.
 */
final class TrafficSupervisor implements AutoCloseable {
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long START_SECONDS = 60;

  /** A process that lived for this long has not failed to start. */
  private static final long YOUNG = TimeUnit.SECONDS.toNanos(10);

  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final TrafficProgram program;
  private final boolean keep;
  private final CompletableFuture<Boolean> serving = new CompletableFuture<>();
  private final Thread thread = new Thread(this::supervise, "dromos-traffic-supervisor");
  private volatile boolean closed;
  private volatile boolean foundRunning;
  private volatile @Nullable TrafficWatch watched;
  private volatile @Nullable Process latest;
  private long failures;

  /**
   * @param keep whether {@link #close} leaves the process running
   */
  TrafficSupervisor(TrafficProgram program, boolean keep) {
    this.program = program;
    this.keep = keep;
    thread.setDaemon(true);
  }

  /** Returns at once. Does nothing when {@link #giveUp} came first. */
  void begin() {
    thread.start();
  }

  /**
   * Returns once traffic is served as well as it can be before the server is there.
   *
   * @throws StartRefusedException when the settings can't be used, or the process does not come up
   */
  void awaitServing() throws StartRefusedException {
    try {
      serving.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new StartRefusedException(
          USAGE, "the traffic process refuses its settings; the lines above say why");
    } catch (TimeoutException e) {
      throw new StartRefusedException(
          ENVIRONMENT,
          "the traffic process does not come up; the lines above say why. To serve VIPs, names and"
              + " edge in the server itself set dromos.traffic.process=in");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefusedException(ENVIRONMENT, "interrupted");
    }
  }

  private void supervise() {
    if (closed) {
      return;
    }
    TrafficWatch running = TrafficWatch.connect(program.directory()).orElse(null);
    foundRunning = running != null;
    if (running != null && !running.identity().equals(program.identity())) {
      System.out.printf(
          "Dromos found traffic process %d of another version or other settings: its successor takes"
              + " over.%n",
          running.pid());
      running.close();
      running = null;
    }
    while (!closed) {
      try {
        if (running == null) {
          running = spawn();
        }
        if (running != null) {
          serving.complete(true);
          running = follow(running);
        }
      } catch (IOException e) {
        System.err.println("dromos: the traffic process can't be started: " + e.getMessage());
        pause();
      }
    }
  }

  /** Until it ends, or its successor serves; what is to be followed next, if there is one. */
  private @Nullable TrafficWatch follow(TrafficWatch running) throws IOException {
    watched = running;
    long since = System.nanoTime();
    while (true) {
      String word = running.next();
      if (word == null) {
        break;
      }
      if (word.equals("renew") && !closed) {
        TrafficWatch next = spawn();
        if (next != null) {
          running.close();
          return next;
        }
      }
    }
    running.close();
    if (!closed) {
      System.err.printf(
          "dromos: traffic process %d has ended; it is started again%n", running.pid());
      failures = System.nanoTime() - since < YOUNG ? failures : 0;
      if (failures++ > 0) {
        pause();
      }
    }
    return null;
  }

  /** A process that serves, or null when it ended before it did. */
  private @Nullable TrafficWatch spawn() throws IOException {
    Process process = program.process().start();
    latest = process;
    while (process.isAlive() && !closed) {
      Optional<TrafficWatch> found = TrafficWatch.connect(program.directory());
      if (found.isPresent() && found.get().pid() == process.pid()) {
        return found.get();
      }
      found.ifPresent(TrafficWatch::close);
      LockSupport.parkNanos(POLL);
    }
    if (!closed) {
      if (process.exitValue() == USAGE) {
        serving.completeExceptionally(new IllegalArgumentException("settings"));
      }
      failures++;
      pause();
    }
    return null;
  }

  private void pause() {
    long pause =
        Math.min(LONGEST_PAUSE, TimeUnit.MILLISECONDS.toNanos(100) << Math.min(failures, 6));
    long deadline = System.nanoTime() + pause;
    while (!closed && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL);
    }
  }

  /** The start failed: what was there before it goes on. */
  void giveUp() {
    end(keep || foundRunning);
  }

  /** Ends the process, unless it is to be kept. */
  @Override
  public void close() {
    end(keep);
  }

  private void end(boolean leaveIt) {
    closed = true;
    TrafficWatch watch = watched;
    if (watch != null) {
      watch.close();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!leaveIt) {
      if (watch != null) {
        ProcessHandle.of(watch.pid()).ifPresent(TrafficSupervisor::stop);
      }
      Process process = latest;
      if (process != null) {
        stop(process.toHandle());
      }
    }
  }

  private static void stop(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
