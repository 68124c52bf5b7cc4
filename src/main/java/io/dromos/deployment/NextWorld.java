package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From a world and a change to the next world: the parts that depend on each other. */
final class NextWorld {
  private final Map<AppId, AppSpec> apps;
  private final Map<AppId, Map<Instant, AppSpec>> versions;
  private final TaskIndex tasks;

  NextWorld(World before, TaskIndex indexed, WorldChange change) {
    this.apps = apps(before.apps(), change.apps());
    this.tasks = tasks(indexed, change);
    this.versions = versions(before, change);
  }

  Map<AppId, AppSpec> apps() {
    return apps;
  }

  Map<AppId, Map<Instant, AppSpec>> versions() {
    return versions;
  }

  TaskIndex tasks() {
    return tasks;
  }

  static List<Deployment> deployments(
      List<Deployment> before, Map<String, Optional<Deployment>> changes) {
    if (changes.isEmpty()) {
      return before;
    }
    List<Deployment> after = new ArrayList<>();
    for (Deployment deployment : before) {
      if (!changes.containsKey(deployment.id())) {
        after.add(deployment);
      }
    }
    changes.values().forEach(change -> change.ifPresent(after::add));
    after.sort(Comparator.comparing(Deployment::startedAt).thenComparing(Deployment::id));
    return List.copyOf(after);
  }

  private static Map<AppId, AppSpec> apps(
      Map<AppId, AppSpec> before, Map<AppId, Optional<AppSpec>> changes) {
    if (changes.isEmpty()) {
      return before;
    }
    Map<AppId, AppSpec> after = new HashMap<>(before);
    changes.forEach(
        (id, spec) -> {
          if (spec.isPresent()) {
            after.put(id, spec.get());
          } else {
            after.remove(id);
          }
        });
    return Collections.unmodifiableMap(after);
  }

  private static TaskIndex tasks(TaskIndex before, WorldChange change) {
    List<Task> changed = new ArrayList<>();
    for (TaskGoal goal : change.goals().values()) {
      Task old = before.find(goal.appId(), goal.id()).orElse(null);
      WorldChange.Seen seen = change.seen().get(goal.id());
      if (seen != null) {
        changed.add(new Task(goal, seen.observation()));
      } else if (old == null || old.equals(Task.unseen(old.goal()))) {
        changed.add(Task.unseen(goal));
      } else {
        changed.add(new Task(goal, old.seen()));
      }
    }
    change
        .seen()
        .forEach(
            (id, seen) -> {
              if (!change.goals().containsKey(id)) {
                before
                    .find(seen.app(), id)
                    .ifPresent(old -> changed.add(new Task(old.goal(), seen.observation())));
              }
            });
    List<Task> gone = new ArrayList<>();
    change.expunged().forEach((id, app) -> before.find(app, id).ifPresent(gone::add));
    return before.with(changed, gone);
  }

  /** What the tree points at and what some task runs by; all else may be forgotten. */
  private Map<AppId, Map<Instant, AppSpec>> versions(World before, WorldChange change) {
    Set<AppId> touched = new HashSet<>(change.apps().keySet());
    change.versions().keySet().forEach(version -> touched.add(version.app()));
    change.goals().values().forEach(goal -> touched.add(goal.appId()));
    touched.addAll(change.expunged().values());
    if (touched.isEmpty()) {
      return before.versions();
    }
    Map<AppId, Map<Instant, AppSpec>> known = new HashMap<>();
    for (AppId app : touched) {
      known.put(app, new HashMap<>(before.versions().getOrDefault(app, Map.of())));
    }
    change
        .versions()
        .forEach(
            (version, spec) ->
                known
                    .computeIfAbsent(version.app(), app -> new HashMap<>())
                    .put(version.version(), spec));
    Map<AppId, Map<Instant, AppSpec>> after = new HashMap<>(before.versions());
    known.forEach(
        (app, specs) -> {
          Map<Instant, AppSpec> needed = needed(app, specs);
          if (needed.isEmpty()) {
            after.remove(app);
          } else {
            after.put(app, needed);
          }
        });
    return Collections.unmodifiableMap(after);
  }

  private Map<Instant, AppSpec> needed(AppId app, Map<Instant, AppSpec> known) {
    AppSpec current = apps.get(app);
    if (current != null) {
      known.put(current.version(), current);
    }
    boolean onlyCurrent = current != null && known.size() == 1;
    if (!onlyCurrent) {
      Set<Instant> used = new HashSet<>();
      tasks.ofApp(app).forEach(task -> used.add(task.goal().version()));
      if (current != null) {
        used.add(current.version());
      }
      known.keySet().retainAll(used);
    }
    return Map.copyOf(known);
  }
}
