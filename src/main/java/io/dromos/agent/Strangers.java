package io.dromos.agent;

import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tasks that run here and that no goal asks for. They are only acted upon when they were listed
 * more than once and a grace has passed: a stale reading must not kill anything.
 */
final class Strangers {
  private record Sighting(Instant first, int count) {}

  private final Duration grace;
  private final Map<TaskId, Sighting> sightings = new HashMap<>();

  private final Set<TaskId> stopped = new HashSet<>();

  Strangers(Duration grace) {
    this.grace = grace;
  }

  /** Takes note of who is unknown now; answers those that have been unknown for long enough. */
  List<TaskId> overdue(Set<TaskId> unknown, Instant now) {
    sightings.keySet().retainAll(unknown);
    stopped.retainAll(unknown);
    List<TaskId> overdue = new ArrayList<>();
    for (TaskId id : unknown) {
      Sighting sighting =
          sightings.merge(
              id, new Sighting(now, 1), (old, one) -> new Sighting(old.first(), old.count() + 1));
      if (sighting.count() > 1 && !now.isBefore(sighting.first().plus(grace))) {
        overdue.add(id);
      }
    }
    return overdue;
  }

  /** Remembers that this one was told to stop. */
  void stopping(TaskId id) {
    stopped.add(id);
  }

  /** True once, when one that was told to stop is seen to have ended. */
  boolean hasObeyed(TaskId id) {
    return stopped.remove(id);
  }
}
