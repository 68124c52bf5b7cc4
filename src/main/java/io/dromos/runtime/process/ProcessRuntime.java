package io.dromos.runtime.process;

import io.dromos.app.AppSpec;
import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.LogRotation;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.runtime.artifact.ArtifactException;
import io.dromos.runtime.artifact.Artifacts;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tasks as plain processes.
 *
 * <p>Each runs in a session of its own under {@code supervise.sh}, a shell that waits for it and
 * outlives Dromos. Truth lies in the state files of the task and in {@code /proc}; what is kept
 * here is only the last reading. The files are in {@code <data dir>/processes/<task id>}, beside
 * the sandboxes and not in them: a task with a {@code user} owns its sandbox, and could otherwise
 * have Dromos, running as root, signal any process it likes.
 */
public final class ProcessRuntime implements TaskRuntime {
  private static final Logger LOG = System.getLogger(ProcessRuntime.class.getName());
  private static final long LEFTOVER_MILLIS = 50;
  private static final long SWEEP_MILLIS = 1_000;

  private final Sandboxes sandboxes;
  private final Path states;
  private final LogLimits limits;
  private final Clock clock;
  private final Tools tools;
  private final Map<String, String> ambient;
  private final Preparation preparation;
  private final String supervisor;
  private final String boot;
  private final Map<TaskId, RuntimeStatus> seen = new ConcurrentHashMap<>();
  private final Set<TaskId> lookingAgain = ConcurrentHashMap.newKeySet();
  private final Object reading = new Object();
  private final List<Consumer<TaskId>> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService workers;
  private final ScheduledExecutorService scheduler;
  private final StateWatch watch;
  private final Stopper stopper;

  /** Takes over what an earlier run left in {@code <data dir>/processes}. */
  public ProcessRuntime(
      Sandboxes sandboxes,
      Artifacts artifacts,
      LogLimits limits,
      NameServers servers,
      ThreadFactory threads,
      Clock clock) {
    this(sandboxes, artifacts, limits, servers, threads, clock, System.getenv());
  }

  ProcessRuntime(
      Sandboxes sandboxes,
      Artifacts artifacts,
      LogLimits limits,
      NameServers servers,
      ThreadFactory threads,
      Clock clock,
      Map<String, String> ambient) {
    this.sandboxes = sandboxes;
    this.states = sandboxes.root().resolveSibling("processes");
    this.limits = limits;
    this.clock = clock;
    this.ambient = Map.copyOf(ambient);
    this.tools = Tools.find(ambient.getOrDefault("PATH", ""));
    this.preparation =
        new Preparation(
            artifacts,
            tools,
            this.ambient,
            new ResolverFiles(servers, sandboxes.root().resolveSibling("resolver"), tools));
    this.supervisor = LaunchScript.supervisor();
    this.boot = bootId();
    this.workers = Executors.newCachedThreadPool(threads);
    this.scheduler = Executors.newScheduledThreadPool(1, threads);
    this.stopper = new Stopper(this::refresh, workers, scheduler, clock);
    this.watch = new StateWatch(this::refresh, threads, scheduler);
    if (tools.setsid().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "setsid was not found: processes that a task started may outlive it; install util-linux");
    }
    adopt();
    var unused =
        scheduler.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean accepts(AppSpec app) {
    return !app.needsDocker();
  }

  @Override
  public Optional<String> unavailable() {
    if (!Files.isExecutable(tools.shell())) {
      return Optional.of("there is no /bin/sh on this machine; install a shell");
    }
    return boot.isEmpty()
        ? Optional.of("/proc cannot be read; run on Linux with /proc mounted")
        : Optional.empty();
  }

  @Override
  public void launch(LaunchSpec spec) {
    RuntimeStatus first =
        new RuntimeStatus.Preparing(spec.app().fetch().isEmpty() ? "" : "fetching");
    if (seen.putIfAbsent(spec.id(), first) == null) {
      workers.execute(() -> start(spec));
    }
  }

  @Override
  public Map<TaskId, RuntimeStatus> inspect() {
    return Map.copyOf(seen);
  }

  @Override
  public void stop(TaskId id, Duration grace) {
    if (stopper.request(id, grace) && seen.get(id) instanceof RuntimeStatus.Running) {
      stopper.begin(id, files(id));
    }
  }

  @Override
  public void forget(TaskId id) {
    RuntimeStatus status = seen.get(id);
    if (status instanceof RuntimeStatus.Running || status instanceof RuntimeStatus.Preparing) {
      return;
    }
    watch.remove(id);
    synchronized (reading) {
      seen.remove(id);
    }
    stopper.forget(id);
    try {
      files(id).delete();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot delete the state of " + id, e);
    }
  }

  @Override
  public int probe(LaunchSpec spec, String command, Duration timeout)
      throws IOException, InterruptedException {
    return ProbeCommand.run(spec, command, timeout, preparation);
  }

  @Override
  public void onChange(Consumer<TaskId> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    watch.close();
    scheduler.shutdownNow();
    workers.shutdown();
  }

  private void start(LaunchSpec spec) {
    TaskId id = spec.id();
    try {
      StateFiles files = files(id);
      if (!files.isClaimed()) {
        String launch = preparation.prepare(spec);
        if (stopper.isRequested(id)) {
          put(id, new RuntimeStatus.Ended(clock.instant(), null, "Stopped before it was started"));
          return;
        }
        files.prepare(supervisor, launch);
        watch.add(id, files.directory());
        supervise(id, files, spec.sandbox());
      } else {
        watch.add(id, files.directory());
      }
    } catch (ArtifactException e) {
      put(id, new RuntimeStatus.Ended(clock.instant(), null, String.valueOf(e.getMessage())));
    } catch (LaunchException e) {
      put(
          id,
          new RuntimeStatus.Failed(clock.instant(), e.permanent(), String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException | Error e) {
      put(
          id,
          new RuntimeStatus.Failed(
              clock.instant(), false, "The process could not be started: " + e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      put(id, new RuntimeStatus.Failed(clock.instant(), false, "Dromos stopped during the start"));
    }
  }

  private void supervise(TaskId id, StateFiles files, Path sandbox) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    tools.setsid().ifPresent(setsid -> builder.command().add(setsid.toString()));
    builder
        .command()
        .addAll(
            List.of(
                tools.shell().toString(),
                files.supervisor().toString(),
                files.directory().toString(),
                sandbox.toString()));
    builder.environment().clear();
    builder.redirectInput(new java.io.File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.directory(new java.io.File("/"));
    Process process = builder.start();
    // Tells of a supervisor that ended without a word; a normal end was seen by the watch before.
    var unused = process.onExit().thenRun(() -> supervisorEnded(id, files));
  }

  private void supervisorEnded(TaskId id, StateFiles files) {
    try {
      if (files.pids().isPresent()) {
        refresh(id);
        return;
      }
      RuntimeStatus failed =
          new RuntimeStatus.Failed(
              clock.instant(), false, "The supervisor ended before it started the task");
      // Without state files it may also be a task that ended and was forgotten meanwhile.
      if (seen.computeIfPresent(id, (known, last) -> isStarting(last) ? failed : last) == failed) {
        listeners.forEach(listener -> listener.accept(id));
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the state of " + id, e);
    }
  }

  private static boolean isStarting(RuntimeStatus status) {
    return status instanceof RuntimeStatus.Preparing;
  }

  /** Reads the state of a task again and tells the listeners when it changed. */
  private void refresh(TaskId id) {
    StateFiles files = files(id);
    boolean changed = false;
    try {
      synchronized (reading) {
        RuntimeStatus last = seen.get(id);
        Optional<RuntimeStatus> status = SupervisedTask.status(files, boot, clock.instant());
        // A task that isn't known any more was forgotten while its state was being read.
        if (status.isEmpty()
            || last == null
            || last instanceof RuntimeStatus.Ended
            || last instanceof RuntimeStatus.Failed) {
          return;
        }
        seen.put(id, status.get());
        changed = !status.get().equals(last);
        if (last instanceof RuntimeStatus.Preparing) {
          started(id, files);
        }
        if (status.get() instanceof RuntimeStatus.Running && files.exit().isPresent()) {
          // Its main process is gone, others of its session still have their grace: look again.
          lookAgain(id);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "cannot read the state of " + id, e);
    }
    if (changed) {
      listeners.forEach(listener -> listener.accept(id));
    }
  }

  private void lookAgain(TaskId id) {
    if (lookingAgain.add(id)) {
      var unused =
          scheduler.schedule(
              () -> {
                lookingAgain.remove(id);
                refresh(id);
              },
              LEFTOVER_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private void started(TaskId id, StateFiles files) throws IOException {
    files.dropLaunch();
    if (stopper.isRequested(id)) {
      stopper.begin(id, files);
    }
  }

  private void put(TaskId id, RuntimeStatus status) {
    if (status.equals(seen.put(id, status))) {
      return;
    }
    listeners.forEach(listener -> listener.accept(id));
  }

  private void adopt() {
    try {
      Files.createDirectories(states);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(states)) {
        for (Path entry : entries) {
          adopt(new TaskId(String.valueOf(entry.getFileName())));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot read " + states, e);
    }
  }

  private void adopt(TaskId id) throws IOException {
    StateFiles files = files(id);
    if (!files.isClaimed()) {
      // Prepared, never started: the next launch prepares it anew.
      files.delete();
      return;
    }
    seen.put(id, new RuntimeStatus.Preparing("taking over"));
    watch.add(id, files.directory());
    Optional<StateFiles.Pids> pids = files.pids();
    if (pids.isEmpty()) {
      seen.put(
          id,
          new RuntimeStatus.Failed(
              clock.instant(), false, "Its supervisor was killed before it started the task"));
      return;
    }
    files.dropLaunch();
    LOG.log(Level.INFO, "{0}: taken over, {1}", id, seen.get(id));
    if (seen.get(id) instanceof RuntimeStatus.Running) {
      stopper.resume(id, files);
    }
  }

  /** Bounds the logs, and notices what no state file tells: a supervisor that was killed. */
  private void sweep() {
    for (Map.Entry<TaskId, RuntimeStatus> entry : seen.entrySet()) {
      if (entry.getValue() instanceof RuntimeStatus.Running) {
        refresh(entry.getKey());
        Path sandbox = sandboxes.of(entry.getKey());
        rotate(sandbox.resolve("stdout"));
        rotate(sandbox.resolve("stderr"));
      }
    }
  }

  private void rotate(Path log) {
    try {
      LogRotation.copyAndTruncate(log, limits);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "cannot rotate " + log, e);
    }
  }

  private StateFiles files(TaskId id) {
    Path directory = states.resolve(id.value()).normalize();
    if (!states.equals(directory.getParent())) {
      throw new IllegalArgumentException("not a task id: " + id);
    }
    return new StateFiles(directory);
  }

  private static String bootId() {
    try {
      return ProcessTable.isReadable() ? ProcessTable.bootId() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
