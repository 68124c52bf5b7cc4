package io.dromos.agent;

import io.dromos.store.TaskStore;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tasks of many agents, kept up to date by what changed after a revision: thousands of tasks
 * that go on as they were cost nothing. All are read again when some are gone, since what is gone
 * leaves no change behind.
 */
final class TaskImage implements PlacedTasks {
  private final TaskStore store;
  private final String prefix;
  private final Set<String> agents;
  private final Map<TaskId, Task> tasks = new LinkedHashMap<>();
  private long revision;

  /**
   * @param prefix what the names of the agents begin with; others may share it
   */
  TaskImage(TaskStore store, String prefix, Collection<String> agents) {
    this.store = store;
    this.prefix = prefix;
    this.agents = Set.copyOf(agents);
  }

  @Override
  public List<Task> read() {
    TaskStore.Changes changes = store.changesOfAgents(prefix, revision);
    boolean wentBack = changes.revision() < revision;
    apply(changes);
    if (wentBack || tasks.size() != changes.count()) {
      tasks.clear();
      apply(store.changesOfAgents(prefix, -1));
    }
    return tasks.values().stream().filter(task -> agents.contains(task.goal().agent())).toList();
  }

  private void apply(TaskStore.Changes changes) {
    changes.changed().forEach(task -> tasks.put(task.id(), task));
    revision = changes.revision();
  }
}
