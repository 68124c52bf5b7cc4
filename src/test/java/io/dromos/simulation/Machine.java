package io.dromos.simulation;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.Protocol;
import io.dromos.health.Probe;
import io.dromos.health.ProbeOutcome;
import io.dromos.health.ProbeTarget;
import io.dromos.health.ReadinessTarget;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.PortCheck;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.ReadinessResult;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A machine with the tasks that run on it, and the runtime that a node starts them with. It
 * outlives the processes of its node.
 */
final class Machine implements TaskRuntime, PortCheck, Probe {
  private static final int TERMINATED = 143;
  private static final int KILLED = 137;

  /** One launch. */
  private static final class Run {
    private final TaskId id;
    private final Program program;
    private final List<Integer> ports;
    private RuntimeStatus status = new RuntimeStatus.Preparing("fetching");
    private boolean stopping;
    private long healthyFrom;

    Run(TaskId id, Program program, List<Integer> ports) {
      this.id = id;
      this.program = program;
      this.ports = ports;
    }

    boolean isPreparing() {
      return status instanceof RuntimeStatus.Preparing;
    }

    boolean isRunning() {
      return status instanceof RuntimeStatus.Running;
    }
  }

  private final String name;
  private final Schedule schedule;
  private final Faults faults;
  private final Life life;
  private final Map<TaskId, Run> runs = new TreeMap<>();
  private final Map<TaskId, Integer> starts = new TreeMap<>();
  private final Set<Integer> foreignPorts = new HashSet<>();
  private final Invariants invariants;
  private @Nullable Consumer<TaskId> listener;
  private long awayUntil;

  /**
   * @param invariants told of every launch and every first SIGTERM before they happen
   */
  Machine(String name, Schedule schedule, Faults faults, Invariants invariants) {
    this.name = name;
    this.schedule = schedule;
    this.faults = faults;
    this.invariants = invariants;
    this.life = new Life("machine " + name, () -> {});
  }

  // The runtime.

  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean accepts(AppSpec app) {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    return isAway() ? Optional.of("the engine is away; start it") : Optional.empty();
  }

  @Override
  public void launch(LaunchSpec spec) {
    mayThrow();
    if (runs.containsKey(spec.id())) {
      return;
    }
    invariants.launching(this, spec.id());
    String line = spec.app().cmd();
    Program program = Program.of(line == null ? "" : line);
    Run run = new Run(spec.id(), program, spec.hostPorts());
    runs.put(run.id, run);
    schedule.note(name, "launches " + run.id);
    if (program == Program.BROKEN) {
      later(run, 30, () -> over(run, new RuntimeStatus.Failed(now(), true, "no such program")));
    } else if (faults.strikes(Fault.LAUNCH_FAILED)) {
      later(run, 200, () -> over(run, new RuntimeStatus.Failed(now(), false, "fetching failed")));
    } else if (!faults.strikes(Fault.LAUNCH_HANGS)) {
      boolean slow = program == Program.SLUGGISH || faults.strikes(Fault.LAUNCH_SLOW);
      later(run, slow ? 9_000 : 150, () -> begin(run));
    }
  }

  private void begin(Run run) {
    if (!run.isPreparing()) {
      return;
    }
    if (starts.merge(run.id, 1, Integer::sum) > 1) {
      throw new BrokenInvariant(run.id + " was started twice");
    }
    run.status = new RuntimeStatus.Running(now(), "pid");
    run.healthyFrom =
        schedule.now() + (run.program == Program.SLUGGISH ? schedule.between(500, 4_000) : 50);
    boolean portTaken = run.ports.stream().anyMatch(port -> isUsedByOther(run, port));
    if (portTaken) {
      over(run, new RuntimeStatus.Ended(now(), 98, "address in use"));
      return;
    }
    schedule.note(name, "runs " + run.id);
    if (run.program == Program.CRASHES) {
      later(run, 3_000, () -> end(run, 1, "Command exited with status 1"));
    }
    tell(run.id);
  }

  private boolean isUsedByOther(Run run, int port) {
    return foreignPorts.contains(port)
        || runs.values().stream()
            .anyMatch(r -> r != run && r.isRunning() && r.ports.contains(port));
  }

  @Override
  public Map<TaskId, RuntimeStatus> inspect() {
    Map<TaskId, RuntimeStatus> listed = new TreeMap<>();
    if (!isAway()) {
      runs.forEach((id, run) -> listed.put(id, run.status));
    }
    return listed;
  }

  @Override
  public void stop(TaskId id, Duration grace) {
    mayThrow();
    Run run = runs.get(id);
    if (run == null || run.stopping) {
      return;
    }
    if (run.isPreparing()) {
      over(run, new RuntimeStatus.Ended(now(), null, "stopped before it began"));
    } else if (run.isRunning()) {
      invariants.stopping(this, id);
      schedule.note(name, "stops " + id);
      run.stopping = true;
      long millis = grace.toMillis();
      if (faults.strikes(Fault.TERM_IGNORED)) {
        schedule.after(life, name, millis, () -> end(run, KILLED, "Command killed"));
      } else {
        later(run, Math.min(millis, 400), () -> end(run, TERMINATED, "Command terminated"));
      }
    }
  }

  @Override
  public void forget(TaskId id) {
    mayThrow();
    Run run = runs.get(id);
    if (run != null && !run.isPreparing() && !run.isRunning()) {
      runs.remove(id);
    }
  }

  @Override
  public int probe(LaunchSpec spec, String command, Duration timeout) {
    Run run = runs.get(spec.id());
    return run != null && isHealthy(run) ? 0 : 1;
  }

  @Override
  public void onChange(Consumer<TaskId> newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}

  private void mayThrow() {
    if (isAway() || faults.strikes(Fault.RUNTIME_THROWS)) {
      throw new IllegalStateException("the engine does not answer");
    }
  }

  private void tell(TaskId id) {
    Consumer<TaskId> told = listener;
    if (told != null && !faults.strikes(Fault.NEWS_LOST)) {
      told.accept(id);
    }
  }

  // What else a node asks its machine.

  @Override
  public boolean isTaken(int port, Protocol protocol) {
    return foreignPorts.contains(port)
        || runs.values().stream().anyMatch(run -> run.isRunning() && run.ports.contains(port));
  }

  @Override
  public ProbeOutcome probe(ProbeTarget target, int index) {
    Run run = runs.get(target.id());
    HealthCheck check = target.checks().get(index);
    if (run == null || !isHealthy(run) || faults.strikes(Fault.PROBE_FAILED)) {
      return new ProbeOutcome.Dead("no answer to " + check.protocol());
    }
    return new ProbeOutcome.Alive();
  }

  /** Answers a readiness check. */
  ReadinessResult readiness(ReadinessTarget target, int index) {
    Run run = runs.get(target.id());
    boolean ready = run != null && isHealthy(run) && !faults.strikes(Fault.PROBE_FAILED);
    return new ReadinessResult(target.checks().get(index).name(), ready, null);
  }

  private boolean isHealthy(Run run) {
    return run.isRunning() && run.program != Program.SICK && schedule.now() >= run.healthyFrom;
  }

  // What happens to it.

  /** The node's process is gone: what it was preparing may be, too. */
  void nodeDied() {
    listener = null;
    runs.values().removeIf(run -> run.isPreparing() && faults.strikes(Fault.LAUNCH_FORGOTTEN));
    // What hangs in the process that prepared it hangs no more; what is left goes on by itself.
  }

  void reboot() {
    for (Run run : new ArrayList<>(runs.values())) {
      if (run.isRunning()) {
        end(run, null, "the machine was restarted");
      }
    }
  }

  void goAway(long until) {
    awayUntil = until;
  }

  /** Some task ends by itself; false when none runs. */
  boolean killOne() {
    List<Run> running = runs.values().stream().filter(Run::isRunning).toList();
    if (running.isEmpty()) {
      return false;
    }
    end(schedule.pick(running), 1, "Command exited with status 1");
    return true;
  }

  void occupy(int port) {
    foreignPorts.add(port);
  }

  /** Launches that hang are cut off, foreign programs leave. */
  void heal() {
    foreignPorts.clear();
    awayUntil = 0;
  }

  Set<TaskId> running() {
    Set<TaskId> ids = new HashSet<>();
    runs.values().stream().filter(Run::isRunning).forEach(run -> ids.add(run.id));
    return ids;
  }

  boolean isEmptyBut(Set<TaskId> expected) {
    return runs.keySet().equals(expected);
  }

  private void end(Run run, @Nullable Integer code, String message) {
    if (run.isRunning()) {
      over(run, new RuntimeStatus.Ended(now(), code, message));
    }
  }

  private void over(Run run, RuntimeStatus status) {
    if (run.isPreparing() || run.isRunning()) {
      run.status = status;
      schedule.note(name, run.id + " is over: " + status);
      tell(run.id);
    }
  }

  private void later(Run run, long atMost, Runnable work) {
    schedule.after(
        life,
        name,
        schedule.between(1, atMost),
        () -> {
          if (runs.get(run.id) == run) {
            work.run();
          }
        });
  }

  private boolean isAway() {
    return schedule.now() < awayUntil;
  }

  private java.time.Instant now() {
    return schedule.instant();
  }

  @Override
  public String toString() {
    return name;
  }
}
