package io.dromos.routing;

import io.dromos.platform.Loops;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what the loops read, swaps the table and sees every plane of this node through to it.
 * Removals take effect at once: a task that the runtime saw die stays out until the store shows
 * that it ended.
 */
public final class RoutingPublisher implements Planes, AutoCloseable {
  private static final Logger LOG = System.getLogger(RoutingPublisher.class.getName());

  /** How long the death of a task that the store has not shown yet is remembered. */
  private static final Duration UNHEARD_OF = Duration.ofMinutes(1);

  /** Tasks that a line of the log names. */
  private static final int NAMED = 10;

  private final RoutingTable table;
  private final Clock clock;
  private final Runnable onServed;
  private final List<PlaneGroup> groups;

  private final NameMemory names = new NameMemory();
  private final Map<TaskId, Instant> withdrawn = new HashMap<>();
  private @Nullable RoutingInput input;
  private long sequence;
  private long announced;

  /**
   * @param onServed called on a plane's thread whenever {@link #servedRevision} has changed; must
   *     only signal
   */
  public RoutingPublisher(
      RoutingTable table, List<DataPlane> planes, Loops loops, Clock clock, Runnable onServed) {
    this(table, planes, loops, clock, PlaneLanes.RETRY, onServed);
  }

  RoutingPublisher(
      RoutingTable table,
      List<DataPlane> planes,
      Loops loops,
      Clock clock,
      Duration retryAfter,
      Runnable onServed) {
    this(
        table,
        clock,
        onState -> List.of(new PlaneLanes(table, planes, loops, clock, retryAfter, onState)),
        onServed);
  }

  /**
   * @param groups makes the planes, given what they call when one of them has moved on
   * @param onServed as above
   */
  public RoutingPublisher(
      RoutingTable table,
      Clock clock,
      Function<Runnable, List<PlaneGroup>> groups,
      Runnable onServed) {
    this.table = table;
    this.clock = clock;
    this.onServed = onServed;
    this.groups = groups.apply(this::acknowledged);
  }

  /**
   * Publishes what was read last. The facts come from one thread in the order in which they were
   * read, so a revision below the published one is no late reading: the database was put back to an
   * earlier state, and that is the truth now.
   */
  public synchronized void publish(RoutingInput next) {
    if (input != null && next.revision() < input.revision()) {
      LOG.log(
          Level.WARNING,
          "the store is back at revision {0}, {1} was published: it was restored, its routes count",
          String.valueOf(next.revision()),
          String.valueOf(input.revision()));
    }
    forgetWithdrawn(next);
    swap(
        withdrawn.isEmpty() ? next : next.without(Set.copyOf(withdrawn.keySet()), next.causedAt()));
    input = next;
  }

  /** Facts that were read before a task was placed don't tell that it is over. */
  private void forgetWithdrawn(RoutingInput next) {
    if (withdrawn.isEmpty()) {
      return;
    }
    Map<TaskId, Boolean> active = new HashMap<>();
    next.tasks().forEach(placed -> active.put(placed.task().id(), placed.task().isActive()));
    Instant unheardOf = clock.instant().minus(UNHEARD_OF);
    withdrawn
        .entrySet()
        .removeIf(
            entry -> {
              Boolean lives = active.get(entry.getKey());
              return lives == null ? entry.getValue().isBefore(unheardOf) : !lives;
            });
  }

  @Override
  public void withdraw(TaskId task) {
    withdraw(List.of(task));
  }

  @Override
  public synchronized void withdraw(Collection<TaskId> tasks) {
    Instant now = clock.instant();
    Set<TaskId> dead = new HashSet<>();
    for (TaskId task : tasks) {
      if (withdrawn.putIfAbsent(task, now) == null) {
        dead.add(task);
      }
    }
    RoutingInput facts = input;
    if (dead.isEmpty() || facts == null) {
      return;
    }
    List<TaskId> routed = active(dead, facts);
    if (!routed.isEmpty()) {
      LOG.log(
          Level.INFO,
          "{0} seen dead, taken out of the routes: {1}",
          routed.size() == 1 ? "a task was" : routed.size() + " tasks were",
          routed.size() <= NAMED ? routed : routed.subList(0, NAMED) + " and others");
      swap(facts.without(Set.copyOf(withdrawn.keySet()), now));
    }
  }

  /** Those of {@code tasks} that the facts take for living. */
  private static List<TaskId> active(Set<TaskId> tasks, RoutingInput facts) {
    return facts.tasks().stream()
        .map(RoutingInput.Placed::task)
        .filter(task -> task.isActive() && tasks.contains(task.id()))
        .map(Task::id)
        .toList();
  }

  private void swap(RoutingInput facts) {
    RoutingSnapshot before = table.current();
    RoutingSnapshot next = RoutingCompiler.compile(facts, sequence + 1, names).sharing(before);
    sequence++;
    table.swap(next);
    logChange(before, next);
    groups.forEach(group -> group.serve(next));
    acknowledged();
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
    groups.forEach(PlaneGroup::retryDegraded);
  }

  /** Has every plane apply the present snapshot once more. */
  public void reapply() {
    groups.forEach(PlaneGroup::reapply);
  }

  private void acknowledged() {
    long revision = servedRevision();
    synchronized (groups) {
      if (revision == announced) {
        return;
      }
      announced = revision;
    }
    onServed.run();
  }

  /** How each plane of this node stands. */
  public List<PlaneState> states() {
    return groups.stream().flatMap(group -> group.states().stream()).toList();
  }

  @Override
  public long servedRevision() {
    return states().stream()
        .filter(PlaneState::live)
        .mapToLong(PlaneState::revision)
        .min()
        .orElseGet(() -> table.current().version());
  }

  @Override
  public Map<String, String> reports() {
    Map<String, String> lines = new LinkedHashMap<>();
    states().forEach(state -> lines.put(state.name(), state.line()));
    return lines;
  }

  /** What each plane cannot serve, frontend to sentence. */
  public Map<String, PlaneReport> planeReports() {
    Map<String, PlaneReport> reports = new LinkedHashMap<>();
    states().forEach(state -> reports.put(state.name(), state.report()));
    return reports;
  }

  /** Change-to-served latency by plane. */
  public Map<String, ServedLatency> latencies() {
    Map<String, ServedLatency> latencies = new LinkedHashMap<>();
    states().forEach(state -> latencies.put(state.name(), state.latency()));
    return latencies;
  }

  /** Closes the planes, in the order they were given. */
  @Override
  public void close() {
    groups.forEach(PlaneGroup::close);
  }
}
