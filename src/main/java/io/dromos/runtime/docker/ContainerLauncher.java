package io.dromos.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import io.dromos.app.Container;
import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.artifact.ArtifactException;
import io.dromos.runtime.artifact.Artifacts;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fetches, pulls, creates and starts: the way from a launch order to a running container. */
final class ContainerLauncher {
  private static final Logger LOG = System.getLogger(ContainerLauncher.class.getName());

  private final Engine engine;
  private final Artifacts artifacts;
  private final Map<String, String> ownership;
  private final LogLimits limits;
  private final NameServers servers;
  private final Clock clock;
  private final Consumer<TaskId> changed;
  private final Map<String, Object> pulls = new ConcurrentHashMap<>();

  ContainerLauncher(
      Engine engine,
      Artifacts artifacts,
      Map<String, String> ownership,
      LogLimits limits,
      NameServers servers,
      Clock clock,
      Consumer<TaskId> changed) {
    this.engine = engine;
    this.artifacts = artifacts;
    this.ownership = ownership;
    this.limits = limits;
    this.servers = servers;
    this.clock = clock;
    this.changed = changed;
  }

  /** Blocks until the task runs or has failed, and leaves that in {@code task}. */
  void launch(LaunchSpec spec, DockerTask task) {
    try {
      start(spec, task);
    } catch (GivenUpException e) {
      become(spec.id(), task, stoppedBefore());
    } catch (ArtifactException e) {
      LOG.log(Level.INFO, "{0}: not started: {1}", spec.id(), e.getMessage());
      become(
          spec.id(),
          task,
          new RuntimeStatus.Ended(clock.instant(), null, String.valueOf(e.getMessage())));
    } catch (LaunchException e) {
      fail(spec.id(), task, e.permanent(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      fail(spec.id(), task, EngineWords.isBadRequest(e), EngineWords.of(e));
    } catch (Error e) {
      // Or it would be in preparation for ever, with nothing that could be stopped.
      fail(spec.id(), task, false, "The container could not be started: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(spec.id(), task, false, "Dromos stopped during the start");
    } finally {
      task.launched();
    }
  }

  /** The task was asked to stop while it was being prepared. */
  private static final class GivenUpException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private void start(LaunchSpec spec, DockerTask task)
      throws LaunchException, ArtifactException, InterruptedException, GivenUpException {
    ContainerPlan plan = ContainerPlan.of(spec, ownership, limits, servers);
    Optional<InspectContainerResponse> earlier = find(plan.name);
    if (earlier.isPresent() && !"created".equals(earlier.get().getState().getStatus())) {
      task.container(earlier.get().getId());
      become(spec.id(), task, ContainerState.status(earlier.get(), clock.instant()));
      return;
    }
    if (!spec.app().fetch().isEmpty()) {
      become(spec.id(), task, new RuntimeStatus.Preparing("fetching"));
      artifacts.fetchAll(spec.app(), spec.sandbox());
    }
    provide(spec, plan.image, task);
    giveUpIfAsked(task);
    String container =
        earlier.isPresent()
            ? earlier.get().getId()
            : plan.into(engine.quick().createContainerCmd(plan.image)).exec().getId();
    try {
      giveUpIfAsked(task);
      engine.lasting().startContainerCmd(container).exec();
    } catch (RuntimeException | GivenUpException e) {
      discard(container);
      throw e;
    }
    InspectContainerResponse started = engine.quick().inspectContainerCmd(container).exec();
    task.container(container);
    task.process(ContainerProcess.find(started.getState().getPidLong(), container));
    become(spec.id(), task, ContainerState.status(started, clock.instant()));
  }

  private Optional<InspectContainerResponse> find(String name) {
    try {
      return Optional.of(engine.quick().inspectContainerCmd(name).exec());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private void provide(LaunchSpec spec, String image, DockerTask task)
      throws LaunchException, InterruptedException, GivenUpException {
    Container container = spec.app().container();
    boolean forced = container != null && container.forcePullImage();
    if (!forced && isPresent(image)) {
      return;
    }
    become(spec.id(), task, new RuntimeStatus.Preparing("pulling " + image));
    // One pull at a time and image: the second finds the layers of the first.
    synchronized (pulls.computeIfAbsent(image, name -> new Object())) {
      if (!forced && isPresent(image)) {
        return;
      }
      giveUpIfAsked(task);
      pull(image, task);
    }
  }

  private void pull(String image, DockerTask task)
      throws LaunchException, InterruptedException, GivenUpException {
    try (Pull pull = engine.lasting().pullImageCmd(image).exec(new Pull())) {
      task.pulling(pull);
      pull.await();
      giveUpIfAsked(task);
      String refusal = pull.refusal();
      if (refusal != null) {
        throw new LaunchException(false, "Image " + image + " cannot be had: " + refusal);
      }
    } catch (RuntimeException e) {
      throw new LaunchException(false, "Image " + image + " cannot be had: " + EngineWords.of(e));
    } finally {
      task.pulling(null);
    }
  }

  /** The progress of a pull; refusals may come as an answer or as the last piece of one. */
  private static final class Pull extends EngineStream<PullResponseItem> {
    private volatile @Nullable String error;

    @Override
    void take(PullResponseItem item) {
      if (item.isErrorIndicated()) {
        ResponseItem.ErrorDetail detail = item.getErrorDetail();
        String words = detail == null ? null : detail.getMessage();
        error = words == null ? "the Docker Engine gives no reason" : words;
      }
    }

    @Nullable String refusal() {
      Throwable failure = failure();
      return error != null || failure == null ? error : EngineWords.of(failure);
    }
  }

  private boolean isPresent(String image) {
    try {
      engine.quick().inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static void giveUpIfAsked(DockerTask task) throws GivenUpException {
    if (task.isStopRequested()) {
      throw new GivenUpException();
    }
  }

  private RuntimeStatus stoppedBefore() {
    return new RuntimeStatus.Ended(clock.instant(), null, "Stopped before it was started");
  }

  private void discard(String container) {
    try {
      engine.quick().removeContainerCmd(container).withForce(true).exec();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "cannot remove container {0}: {1}", container, EngineWords.of(e));
    }
  }

  private void fail(TaskId id, DockerTask task, boolean permanent, String message) {
    LOG.log(Level.INFO, "{0}: not started: {1}", id, message);
    become(id, task, new RuntimeStatus.Failed(clock.instant(), permanent, message));
  }

  private void become(TaskId id, DockerTask task, @Nullable RuntimeStatus status) {
    if (status != null && task.become(status)) {
      changed.accept(id);
    }
  }
}
