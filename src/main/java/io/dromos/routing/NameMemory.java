package io.dromos.routing;

import io.dromos.task.Task;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Remembers the names of tasks from one compilation to the next: of a thousand apps, one has
 * changed. Tasks that did not change are the same objects. For one thread at a time.
 */
final class NameMemory {
  private IdentityHashMap<Task, TaskRecords> known = new IdentityHashMap<>();
  private IdentityHashMap<Task, TaskRecords> next = new IdentityHashMap<>();

  void begin() {
    next = new IdentityHashMap<>(known.size() + 16);
  }

  TaskRecords of(RoutingInput.Placed placed, TaskBackends tasks, Map<String, String> agentIds) {
    Task task = placed.task();
    String host = tasks.hostOf(task);
    String agentId = agentIds.getOrDefault(task.goal().agent(), task.goal().agent());
    TaskRecords records = known.get(task);
    if (records == null || !records.holds(placed, host, agentId)) {
      records = TaskRecords.of(placed, tasks, host, agentId);
    }
    next.put(task, records);
    return records;
  }

  /** Tasks that were not asked for since {@link #begin} are forgotten. */
  void end() {
    known = next;
  }
}
