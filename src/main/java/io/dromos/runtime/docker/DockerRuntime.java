package io.dromos.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import io.dromos.app.AppSpec;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.SignalLoop;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.runtime.artifact.Artifacts;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as containers of a Docker Engine.
 *
 * <p>A container carries the task id in its name and in a label, and the node it belongs to in two
 * more, so that a repeated launch, a restarted Dromos and a second node on the same Engine each
 * find what is theirs. Truth is the Engine's list of containers, read whenever the Engine tells of
 * a change and every 2 seconds anyway; while it cannot be read, nothing is believed to have ended.
 */
public final class DockerRuntime implements TaskRuntime {
  private static final Logger LOG = System.getLogger(DockerRuntime.class.getName());
  private static final long LOOK_MILLIS = 2_000;
  private static final long PROCESS_MILLIS = 10;
  private static final long LAST_WORDS_SECONDS = 2;

  private final Engine engine;
  private final ContainerLogs logs;
  private final Clock clock;
  private final Map<String, String> ownership;
  private final Map<TaskId, DockerTask> tasks = new ConcurrentHashMap<>();
  private final Set<TaskId> beingRemoved = ConcurrentHashMap.newKeySet();
  private final List<Consumer<TaskId>> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService workers;
  private final ScheduledExecutorService scheduler;
  private final SignalLoop watch;
  private final ContainerLauncher launcher;
  private volatile @Nullable String problem = "The Docker Engine has not been asked yet";
  private volatile @Nullable EngineEvents events;
  private boolean swept;
  private volatile boolean closed;

  /** Tells of changes as they happen; dies with its connection. */
  private final class EngineEvents extends EngineStream<Event> {
    @Override
    void take(Event event) {
      watch.signal();
    }

    @Override
    void ended() {
      watch.signal();
    }
  }

  /**
   * Asks the Engine once before it returns, so that its absence is known from the start.
   *
   * @throws io.dromos.platform.Settings.InvalidSettingException when {@code host} is no address of
   *     an Engine
   */
  public DockerRuntime(
      String host,
      NodeInfo node,
      Sandboxes sandboxes,
      Artifacts artifacts,
      LogLimits limits,
      NameServers servers,
      ThreadFactory threads,
      Clock clock) {
    this.engine = new Engine(host);
    this.clock = clock;
    this.ownership = Map.of("dromos.node", node.name(), "dromos.data", node.dataDir().toString());
    this.workers = Executors.newCachedThreadPool(threads);
    this.logs = new ContainerLogs(engine, sandboxes, limits, workers);
    this.scheduler = Executors.newScheduledThreadPool(1, threads);
    this.launcher =
        new ContainerLauncher(engine, artifacts, ownership, limits, servers, clock, this::changed);
    this.watch = new SignalLoop("docker-watch", this::look, threads, LOOK_MILLIS);
    // Not on the caller's thread: the client's libraries leave values on it, and a server that
    // deploys with a thread of its own pool would keep them, and so every undeployed application.
    CompletableFuture.runAsync(this::look, workers).join();
    watch.start();
    var unused =
        scheduler.scheduleWithFixedDelay(
            watch::signal, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    var unusedToo =
        scheduler.scheduleWithFixedDelay(
            this::watchProcesses, PROCESS_MILLIS, PROCESS_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public boolean accepts(AppSpec app) {
    return app.needsDocker();
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.ofNullable(problem);
  }

  @Override
  public void launch(LaunchSpec spec) {
    DockerTask task = new DockerTask(new RuntimeStatus.Preparing(""), true);
    if (tasks.putIfAbsent(spec.id(), task) == null) {
      workers.execute(
          () -> {
            launcher.launch(spec, task);
            watch.signal();
          });
    }
  }

  @Override
  public Map<TaskId, RuntimeStatus> inspect() {
    Map<TaskId, RuntimeStatus> seen = new HashMap<>();
    tasks.forEach((id, task) -> seen.put(id, task.status()));
    return seen;
  }

  @Override
  public void stop(TaskId id, Duration grace) {
    DockerTask task = tasks.get(id);
    if (task == null || task.isOver()) {
      return;
    }
    task.requestStop();
    String container = task.container();
    if (!task.isLaunching() && container != null && task.beginStopping()) {
      workers.execute(() -> stop(id, task, container, grace));
    }
  }

  private void stop(TaskId id, DockerTask task, String container, Duration grace) {
    try {
      LOG.log(Level.INFO, "{0}: container stopped, killed after {1}", id, grace);
      engine.lasting().stopContainerCmd(container).withTimeout((int) grace.toSeconds()).exec();
    } catch (com.github.dockerjava.api.exception.NotModifiedException
        | com.github.dockerjava.api.exception.NotFoundException e) {
      LOG.log(Level.DEBUG, "{0}: its container is not running any more", id);
    } catch (RuntimeException e) {
      task.stopFailed();
      LOG.log(Level.WARNING, "{0}: cannot be stopped: {1}", id, EngineWords.of(e));
    }
    watch.signal();
  }

  @Override
  public void forget(TaskId id) {
    DockerTask task = tasks.get(id);
    if (task == null || !task.isOver()) {
      return;
    }
    beingRemoved.add(id);
    tasks.remove(id);
    workers.execute(() -> remove(id, task));
  }

  private void remove(TaskId id, DockerTask task) {
    try {
      // A container that ended at once may have been forgotten before anybody read its output.
      logs.follow(id, task, false);
      logs.finish(id, task);
      String container = task.container();
      if (container != null) {
        engine
            .lasting()
            .removeContainerCmd(container)
            .withForce(true)
            .withRemoveVolumes(true)
            .exec();
      }
      logs.forget(id);
    } catch (com.github.dockerjava.api.exception.NotFoundException e) {
      LOG.log(Level.DEBUG, "{0}: its container is gone already", id);
    } catch (IOException | RuntimeException e) {
      // It is listed again, found unwanted, and forgotten again.
      LOG.log(Level.WARNING, "{0}: container not removed: {1}", id, EngineWords.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      beingRemoved.remove(id);
    }
  }

  @Override
  public int probe(LaunchSpec spec, String command, Duration timeout)
      throws IOException, InterruptedException {
    DockerTask task = tasks.get(spec.id());
    String container = task == null ? null : task.container();
    if (container == null) {
      throw new IOException("the task has no container any more");
    }
    return ContainerProbe.run(engine, container, command, timeout);
  }

  @Override
  public Set<TaskId> dying() {
    Set<TaskId> dying = new HashSet<>();
    tasks.forEach(
        (id, task) -> {
          if (task.isDying()) {
            dying.add(id);
          }
        });
    return dying;
  }

  @Override
  public void onChange(Consumer<TaskId> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    closed = true;
    scheduler.shutdownNow();
    watch.close();
    for (DockerTask task : tasks.values()) {
      task.unfollow();
    }
    workers.shutdown();
    try {
      if (!workers.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.INFO, "left while containers were being started or stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    EngineEvents current = events;
    if (current != null) {
      current.close();
    }
    engine.close();
  }

  private void changed(TaskId id) {
    listeners.forEach(listener -> listener.accept(id));
  }

  /** One look at the Engine; runs on one thread at a time. */
  private void look() {
    long began = System.nanoTime();
    List<Container> listed;
    try {
      listed =
          engine.quick().listContainersCmd().withShowAll(true).withLabelFilter(ownership).exec();
    } catch (RuntimeException e) {
      if (!closed) {
        lost(
            EngineWords.isAnswer(e)
                ? "The Docker Engine refuses: " + EngineWords.of(e)
                : engine.absence(e));
      }
      return;
    }
    Set<TaskId> present = new HashSet<>();
    for (Container container : listed) {
      String name = container.getLabels().get(ContainerPlan.TASK_LABEL);
      if (name != null && !beingRemoved.contains(new TaskId(name))) {
        present.add(new TaskId(name));
        look(new TaskId(name), container);
      }
    }
    swept = true;
    openEvents();
    tasks.forEach(
        (id, task) -> {
          if (!present.contains(id) && task.container() != null && task.isSettledBefore(began)) {
            LOG.log(Level.WARNING, "{0}: its container was removed by somebody", id);
            task.unfollow();
            tasks.remove(id);
            changed(id);
          }
        });
    found();
  }

  private void openEvents() {
    EngineEvents current = events;
    if (current != null && current.isOpen()) {
      return;
    }
    EngineEvents next = new EngineEvents();
    engine
        .lasting()
        .eventsCmd()
        .withEventTypeFilter(EventType.CONTAINER)
        .withLabelFilter(ownership)
        .exec(next);
    events = next;
    // What happened between the listing and the stream makes no event.
    watch.signal();
  }

  /** Tells of a process that is gone before the Engine does. */
  private void watchProcesses() {
    tasks.forEach(
        (id, task) -> {
          if (task.isDying() && task.tellOfDeath()) {
            changed(id);
            watch.signal();
          }
        });
  }

  private void look(TaskId id, Container container) {
    DockerTask task = tasks.get(id);
    if (task != null && task.isLaunching()) {
      return;
    }
    String state = String.valueOf(container.getState());
    try {
      switch (state) {
        case "created" -> {
          if (!swept) {
            // An earlier run of Dromos died before it started this one; nothing ever ran in it.
            engine.quick().removeContainerCmd(container.getId()).withForce(true).exec();
          }
        }
        case "running", "paused", "restarting" -> {
          if (task == null || !task.isKnownToRun()) {
            update(id, container.getId());
          }
          logs.follow(id, tasks.get(id), true);
        }
        case "exited", "dead" -> {
          if (task == null || !task.isOver()) {
            update(id, container.getId());
          }
          logs.follow(id, tasks.get(id), false);
        }
        default -> LOG.log(Level.DEBUG, "{0}: container is {1}", id, state);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "{0}: cannot look at its container: {1}", id, EngineWords.of(e));
      if (!state.equals("created")) {
        tasks.putIfAbsent(id, DockerTask.unread(container.getId()));
      }
    }
  }

  private void update(TaskId id, String container) {
    InspectContainerResponse seen = engine.quick().inspectContainerCmd(container).exec();
    RuntimeStatus status = ContainerState.status(seen, clock.instant());
    DockerTask task = tasks.get(id);
    if (task == null) {
      LOG.log(Level.INFO, "{0}: container {1} taken over, {2}", id, container, status);
      task = new DockerTask(status, false);
      task.container(container);
      task.process(ContainerProcess.find(seen.getState().getPidLong(), container));
      tasks.put(id, task);
      changed(id);
    } else {
      task.container(container);
      if (task.become(status)) {
        changed(id);
      }
    }
  }

  private void lost(String why) {
    if (!why.equals(problem)) {
      LOG.log(Level.WARNING, why);
      problem = why;
    }
  }

  private void found() {
    if (problem != null) {
      problem = null;
      LOG.log(Level.INFO, "The Docker Engine is there; {0} containers are ours", tasks.size());
    }
  }
}
