package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import io.dromos.task.TaskEffect;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.Transition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Commits what a turn saw: observations, last failures, events and the wake-up of others, in one
 * transaction.
 */
final class ObservationLog {
  /** A task with what became of it; the definition may have been removed meanwhile. */
  record Seen(Task task, @Nullable AppSpec app, Transition transition) {}

  private final Stores stores;
  private final EventLog events;
  private final ChangeFeed feed;
  private final Clock clock;

  ObservationLog(Stores stores, EventLog events, ChangeFeed feed, Clock clock) {
    this.stores = stores;
    this.events = events;
    this.feed = feed;
    this.clock = clock;
  }

  /**
   * Writes all that changes anything, and {@code more} events.
   *
   * @return the tasks whose observation was applied; of the others the store knew something newer
   */
  Set<TaskId> commit(Collection<Seen> seen, Collection<ClusterEvent> more) {
    List<Seen> changes = seen.stream().filter(s -> s.transition().changesAnything()).toList();
    if (changes.isEmpty() && more.isEmpty()) {
      return Set.of();
    }
    return stores.transactions().inTransaction(() -> write(changes, more));
  }

  private Set<TaskId> write(List<Seen> changes, Collection<ClusterEvent> more) {
    Map<TaskId, Seen> byId = new HashMap<>();
    changes.forEach(change -> byId.put(change.task().id(), change));
    List<Transition> applied =
        stores.tasks().observe(changes.stream().map(Seen::transition).toList());
    List<ClusterEvent> published = new ArrayList<>(more);
    for (Transition transition : applied) {
      Seen change = byId.get(transition.id());
      if (change == null) {
        continue;
      }
      if (transition.effects().contains(TaskEffect.RECORD_FAILURE)) {
        stores.tasks().recordFailure(failure(change.task(), transition.next()));
      }
      published.addAll(eventsOf(change, transition));
    }
    events.publish(published);
    Set<Topic> topics = EnumSet.noneOf(Topic.class);
    if (!applied.isEmpty()) {
      topics.add(Topic.OBSERVATIONS);
    }
    if (!published.isEmpty()) {
      topics.add(Topic.EVENTS);
    }
    if (!topics.isEmpty()) {
      feed.announce(topics);
    }
    return applied.stream().map(Transition::id).collect(Collectors.toSet());
  }

  private List<ClusterEvent> eventsOf(Seen change, Transition transition) {
    List<ClusterEvent> events = new ArrayList<>();
    TaskObservation next = transition.next();
    Task task = new Task(change.task().goal(), next);
    if (transition.effects().contains(TaskEffect.PUBLISH_STATUS)) {
      events.add(new ClusterEvent.TaskStatus(next.since(), task));
    }
    Instant now = clock.instant();
    List<HealthResult> before = transition.before().health();
    AppSpec app = change.app();
    if (app != null && !before.equals(next.health())) {
      events.addAll(HealthReport.events(task, app, before, next.health(), now));
    }
    if (transition.effects().contains(TaskEffect.PUBLISH_HEALTH)) {
      Boolean healthy =
          next.health().isEmpty() ? null : next.health().stream().allMatch(HealthResult::alive);
      events.add(new ClusterEvent.InstanceHealth(now, task, healthy));
    }
    return events;
  }

  private static TaskFailure failure(Task task, TaskObservation next) {
    return new TaskFailure(
        task.appId(),
        task.id(),
        task.goal().host(),
        task.goal().agent(),
        next.state(),
        next.message(),
        next.since(),
        task.goal().version());
  }
}
