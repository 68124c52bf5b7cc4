package io.dromos.routing;

import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what the loops read, swaps the table and sees every plane of this node through to it.
 * Removals take effect at once: a task that the runtime saw die stays out until the store shows
 * that it ended.
 */
public final class RoutingPublisher implements Planes, AutoCloseable {
  private static final Logger LOG = System.getLogger(RoutingPublisher.class.getName());

  /** How long a plane that failed, or that cannot open a socket, waits for its next attempt. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final RoutingTable table;
  private final Clock clock;
  private final Runnable onServed;
  private final List<PlaneLane> lanes;

  private final Set<TaskId> withdrawn = new HashSet<>();
  private @Nullable RoutingInput input;
  private long sequence;
  private long announced;

  /**
   * @param onServed called on a plane's thread whenever {@link #servedRevision} has advanced; must
   *     only signal
   */
  public RoutingPublisher(
      RoutingTable table,
      List<DataPlane> planes,
      ThreadFactory threads,
      Clock clock,
      Runnable onServed) {
    this(table, planes, threads, clock, RETRY, onServed);
  }

  RoutingPublisher(
      RoutingTable table,
      List<DataPlane> planes,
      ThreadFactory threads,
      Clock clock,
      Duration retryAfter,
      Runnable onServed) {
    this.table = table;
    this.clock = clock;
    this.onServed = onServed;
    this.lanes =
        planes.stream()
            .map(
                plane ->
                    new PlaneLane(plane, table, threads, clock, retryAfter, this::acknowledged))
            .toList();
  }

  /** Publishes newer facts; older ones than those already published are ignored. */
  public synchronized void publish(RoutingInput next) {
    if (input != null && next.revision() < input.revision()) {
      return;
    }
    Set<TaskId> living =
        next.tasks().stream()
            .map(RoutingInput.Placed::task)
            .filter(Task::isActive)
            .map(Task::id)
            .collect(Collectors.toSet());
    withdrawn.retainAll(living);
    swap(withdrawn.isEmpty() ? next : next.without(withdrawn, next.causedAt()));
    input = next;
  }

  @Override
  public synchronized void withdraw(TaskId task) {
    if (withdrawn.add(task) && input != null) {
      LOG.log(Level.INFO, "task {0} was seen dead: taken out of the routes", task);
      swap(input.without(withdrawn, clock.instant()));
    }
  }

  private void swap(RoutingInput facts) {
    RoutingSnapshot before = table.current();
    RoutingSnapshot next = RoutingCompiler.compile(facts, sequence + 1);
    sequence++;
    table.swap(next);
    logChange(before, next);
    if (lanes.isEmpty()) {
      acknowledged();
    }
    lanes.forEach(PlaneLane::signal);
  }

  private static void logChange(RoutingSnapshot before, RoutingSnapshot next) {
    if (!before.sameRoutes(next)) {
      LOG.log(
          Level.INFO,
          "routes {0} (snapshot {1}): {2} VIPs, {3} vhosts, {4} service ports, {5} names",
          String.valueOf(next.version()),
          String.valueOf(next.sequence()),
          next.vips().size(),
          next.vhosts().size(),
          next.servicePorts().size(),
          next.dns().addresses().size() + next.dns().services().size());
    }
    next.warnings()
        .forEach(
            (app, sentences) -> {
              List<String> known = before.warnings().getOrDefault(app, List.of());
              sentences.stream()
                  .filter(sentence -> !known.contains(sentence))
                  .forEach(sentence -> LOG.log(Level.WARNING, "{0}: {1}", app, sentence));
            });
  }

  /** Tries again, every few seconds, what planes could not serve. Cheap; call it every turn. */
  public void retryDegraded() {
    lanes.forEach(lane -> lane.retryDegraded(RETRY));
  }

  private void acknowledged() {
    long revision = servedRevision();
    synchronized (lanes) {
      if (revision <= announced) {
        return;
      }
      announced = revision;
    }
    onServed.run();
  }

  @Override
  public long servedRevision() {
    return lanes.stream()
        .filter(PlaneLane::isLive)
        .mapToLong(PlaneLane::servedRevision)
        .min()
        .orElseGet(() -> table.current().version());
  }

  @Override
  public Map<String, String> reports() {
    Map<String, String> lines = new LinkedHashMap<>();
    lanes.forEach(lane -> lines.put(lane.name(), lane.line()));
    return lines;
  }

  /** What each plane cannot serve, frontend to sentence. */
  public Map<String, PlaneReport> planeReports() {
    Map<String, PlaneReport> reports = new LinkedHashMap<>();
    lanes.forEach(lane -> reports.put(lane.name(), lane.report()));
    return reports;
  }

  /** Change-to-served latency by plane. */
  public Map<String, ServedLatency> latencies() {
    Map<String, ServedLatency> latencies = new LinkedHashMap<>();
    lanes.forEach(lane -> latencies.put(lane.name(), lane.latency()));
    return latencies;
  }

  /** Stops the threads, then the planes, in the order they were given. */
  @Override
  public void close() {
    lanes.forEach(PlaneLane::close);
  }
}
