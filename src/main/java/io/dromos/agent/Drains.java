package io.dromos.agent;

import io.dromos.placement.Agent;
import io.dromos.routing.Planes;
import io.dromos.store.ClusterEvent;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks that are wanted gone have been left by all new connections: once every live node with
 * planes serves a revision that knows of the kill, or the acknowledgement had its time.
 */
final class Drains {
  /**
   * Heartbeats come every 2 seconds; a node that missed several serves nobody we could wait for.
   */
  private static final long ALIVE_SECONDS = 10;

  private final String node;
  private final Planes planes;
  private final Duration timeout;
  private final Map<TaskId, Instant> since = new HashMap<>();
  private final Set<TaskId> timedOut = new HashSet<>();

  /** Told already: a task may stay as it is for long when its runtime cannot be asked. */
  private final Set<TaskId> told = new HashSet<>();

  Drains(String node, Planes planes, Duration timeout) {
    this.node = node;
    this.planes = planes;
    this.timeout = timeout;
  }

  /** True when the planes have to be asked before this task may be stopped. */
  static boolean concerns(Task task) {
    return !task.goal().wantsRunning() && task.isRunning() && !task.goal().hostPorts().isEmpty();
  }

  /** Nobody waits for an agent that has no planes. */
  static boolean isServing(Agent agent) {
    return !agent.planes().isEmpty();
  }

  boolean isDrained(Task task, Collection<Agent> agents, Instant now) {
    if (!concerns(task)) {
      return true;
    }
    Instant began = since.computeIfAbsent(task.id(), id -> now);
    long revision = task.goal().revision();
    // Our own planes need no way through the database.
    if (planes.servedRevision() >= revision
        && agents.stream().allMatch(agent -> serves(agent, revision, now))) {
      return true;
    }
    if (now.isBefore(began.plus(timeout))) {
      return false;
    }
    if (!told.contains(task.id())) {
      timedOut.add(task.id());
    }
    return true;
  }

  private boolean serves(Agent agent, long revision, Instant now) {
    return agent.name().equals(node)
        || !isServing(agent)
        || !agent.isAlive(now, ALIVE_SECONDS)
        || agent.servedRevision() >= revision;
  }

  /** Events of the drains that ended without an answer since the last call. */
  List<ClusterEvent> timeouts(Collection<Task> tasks, Instant now) {
    List<ClusterEvent> events = new ArrayList<>();
    for (Task task : tasks) {
      if (timedOut.contains(task.id())) {
        events.add(
            new ClusterEvent.DrainTimedOut(now, task.id(), task.appId(), task.goal().revision()));
      }
    }
    return events;
  }

  /** The turn is committed: forgets tasks that need no drain any more. */
  void settle(Collection<Task> tasks) {
    Set<TaskId> waiting = new HashSet<>();
    tasks.stream().filter(Drains::concerns).map(Task::id).forEach(waiting::add);
    told.addAll(timedOut);
    told.retainAll(waiting);
    timedOut.clear();
    since.keySet().retainAll(waiting);
  }

  /** When the next drain runs out of time, if any is waiting. */
  Optional<Instant> nextTimeout(Instant now) {
    return since.values().stream()
        .map(began -> began.plus(timeout))
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo);
  }

  boolean isWaiting() {
    return !since.isEmpty();
  }
}
