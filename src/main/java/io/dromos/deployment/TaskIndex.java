package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a world by app and by agent, each list in task id order. Immutable: {@link #with}
 * shares every list that did not change, so that a list that is still the same object holds the
 * same tasks.
 */
final class TaskIndex {
  static final TaskIndex EMPTY = new TaskIndex(Map.of(), Map.of());

  private static final Comparator<Task> BY_ID = Comparator.comparing(Task::id);

  private final Map<AppId, List<Task>> byApp;
  private final Map<String, List<Task>> byAgent;
  private volatile @Nullable List<Task> all;

  private TaskIndex(Map<AppId, List<Task>> byApp, Map<String, List<Task>> byAgent) {
    this.byApp = byApp;
    this.byAgent = byAgent;
  }

  static TaskIndex of(Collection<Task> tasks) {
    Map<AppId, List<Task>> byApp = new HashMap<>();
    Map<String, List<Task>> byAgent = new HashMap<>();
    for (Task task : tasks) {
      byApp.computeIfAbsent(task.appId(), app -> new ArrayList<>()).add(task);
      byAgent.computeIfAbsent(task.goal().agent(), agent -> new ArrayList<>()).add(task);
    }
    byApp.replaceAll((app, list) -> sorted(list));
    byAgent.replaceAll((agent, list) -> sorted(list));
    return new TaskIndex(Collections.unmodifiableMap(byApp), Collections.unmodifiableMap(byAgent));
  }

  private static List<Task> sorted(List<Task> tasks) {
    tasks.sort(BY_ID);
    return Collections.unmodifiableList(tasks);
  }

  /**
   * The tasks with {@code changed} added or put in place of their former selves, and {@code gone}
   * left out; app and agent of a task never change.
   */
  TaskIndex with(Collection<Task> changed, Collection<Task> gone) {
    if (changed.isEmpty() && gone.isEmpty()) {
      return this;
    }
    Map<AppId, Map<TaskId, Optional<Task>>> apps = new HashMap<>();
    Map<String, Map<TaskId, Optional<Task>>> agents = new HashMap<>();
    gone.forEach(task -> note(task, Optional.empty(), apps, agents));
    changed.forEach(task -> note(task, Optional.of(task), apps, agents));
    return new TaskIndex(replaced(byApp, apps), replaced(byAgent, agents));
  }

  private static void note(
      Task task,
      Optional<Task> next,
      Map<AppId, Map<TaskId, Optional<Task>>> apps,
      Map<String, Map<TaskId, Optional<Task>>> agents) {
    apps.computeIfAbsent(task.appId(), app -> new TreeMap<>()).put(task.id(), next);
    agents.computeIfAbsent(task.goal().agent(), agent -> new TreeMap<>()).put(task.id(), next);
  }

  private static <K> Map<K, List<Task>> replaced(
      Map<K, List<Task>> before, Map<K, Map<TaskId, Optional<Task>>> changes) {
    Map<K, List<Task>> after = new HashMap<>(before);
    changes.forEach(
        (key, change) -> {
          List<Task> merged = merged(before.getOrDefault(key, List.of()), change);
          if (merged.isEmpty()) {
            after.remove(key);
          } else {
            after.put(key, merged);
          }
        });
    return Collections.unmodifiableMap(after);
  }

  /** Both in task id order. */
  private static List<Task> merged(List<Task> before, Map<TaskId, Optional<Task>> changes) {
    List<Task> merged = new ArrayList<>(before.size() + changes.size());
    int next = 0;
    for (Map.Entry<TaskId, Optional<Task>> change : changes.entrySet()) {
      while (next < before.size() && before.get(next).id().compareTo(change.getKey()) < 0) {
        merged.add(before.get(next++));
      }
      if (next < before.size() && before.get(next).id().equals(change.getKey())) {
        next++;
      }
      change.getValue().ifPresent(merged::add);
    }
    merged.addAll(before.subList(next, before.size()));
    return Collections.unmodifiableList(merged);
  }

  List<Task> ofApp(AppId app) {
    return byApp.getOrDefault(app, List.of());
  }

  List<Task> onAgent(String agent) {
    return byAgent.getOrDefault(agent, List.of());
  }

  Set<AppId> apps() {
    return byApp.keySet();
  }

  Optional<Task> find(AppId app, TaskId id) {
    List<Task> tasks = ofApp(app);
    int low = 0;
    int high = tasks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = tasks.get(middle).id().compareTo(id);
      if (order == 0) {
        return Optional.of(tasks.get(middle));
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** The id tells the app, unless the app's name has an underscore: then all are asked. */
  Optional<Task> find(TaskId id) {
    Optional<Task> likely = find(id.appId(), id);
    return likely.isPresent()
        ? likely
        : byApp.keySet().stream().flatMap(app -> find(app, id).stream()).findFirst();
  }

  /** All tasks in task id order; made when first asked for. */
  List<Task> all() {
    List<Task> known = all;
    if (known == null) {
      List<Task> tasks = new ArrayList<>();
      byApp.values().forEach(tasks::addAll);
      known = sorted(tasks);
      all = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskIndex index && byApp.equals(index.byApp);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(byApp);
  }
}
