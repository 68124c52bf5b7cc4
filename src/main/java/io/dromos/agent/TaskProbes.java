package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.health.CommandProbe;
import io.dromos.health.Probe;
import io.dromos.health.ProbeTarget;
import io.dromos.health.Prober;
import io.dromos.platform.Loops;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has the running tasks of this node probed, and turns new results into events. */
final class TaskProbes implements AutoCloseable {
  private record Probed(TaskRuntime runtime, LaunchSpec spec) {}

  private final Prober prober;
  private final Sandboxes sandboxes;
  private volatile Map<TaskId, Probed> probed = Map.of();

  TaskProbes(
      Sandboxes sandboxes,
      Function<CommandProbe, Probe> probes,
      Loops loops,
      Clock clock,
      Runnable onResult) {
    this.sandboxes = sandboxes;
    this.prober = new Prober(probes.apply(this::command), loops, clock, onResult);
  }

  /** What the probes of a task found since it was last written down; null when that is nothing. */
  @Nullable TaskEvent news(Task task, @Nullable AppSpec app, Instant now) {
    if (app == null || app.healthChecks().isEmpty() || !task.isRunning()) {
      return null;
    }
    List<HealthResult> results = prober.results(task.id());
    return HealthReport.isNews(task.seen().health(), results)
        ? new TaskEvent.Probed(now, results)
        : null;
  }

  /** Only what the store knows as running is probed: grace periods count from that moment. */
  void keep(Collection<Task> tasks, Definitions definitions, Runtimes.Listing listing) {
    List<ProbeTarget> targets = new ArrayList<>();
    Map<TaskId, Probed> next = new HashMap<>();
    for (Task task : tasks) {
      AppSpec app = definitions.of(task).orElse(null);
      Runtimes.Listed listed = listing.tasks().get(task.id());
      if (app != null
          && !app.healthChecks().isEmpty()
          && task.isRunning()
          && task.goal().wantsRunning()
          && listed != null
          && listed.status() instanceof RuntimeStatus.Running) {
        targets.add(LaunchOrder.probeTarget(task, app));
        Probed known = probed.get(task.id());
        next.put(
            task.id(),
            known == null
                ? new Probed(listed.runtime(), LaunchOrder.spec(task, app, sandboxes))
                : known);
      }
    }
    probed = Map.copyOf(next);
    prober.keep(targets);
  }

  private int command(TaskId id, String line, Duration timeout)
      throws IOException, InterruptedException {
    Probed task = probed.get(id);
    if (task == null) {
      throw new IOException("the task is not running any more");
    }
    return task.runtime().probe(task.spec(), line, timeout);
  }

  @Override
  public void close() {
    prober.close();
  }
}
