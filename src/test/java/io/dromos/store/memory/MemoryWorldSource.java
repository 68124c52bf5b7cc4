package io.dromos.store.memory;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.deployment.WorldChange;
import io.dromos.placement.Agent;
import io.dromos.store.WorldSource;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Finds what changed by comparing the tables with what is known. */
record MemoryWorldSource(MemoryDatabase database) implements WorldSource {
  @Override
  public Position position() {
    return database.read(t -> new Position("memory", t.revision, 0, database.isDirty()));
  }

  @Override
  public Sight everything() {
    return changes(World.EMPTY, "");
  }

  @Override
  public Sight changes(World known, String mark) {
    return database.read(
        t -> {
          WorldChange change = new WorldChange(t.revision);
          apps(t, known, change);
          tasks(t, known, change);
          Map<String, Deployment> running = new TreeMap<>();
          t.deployments.forEach(
              (id, d) -> {
                if (d.isRunning()) {
                  running.put(id, d);
                }
              });
          Map<String, Deployment> knownRunning = new TreeMap<>();
          known.deployments().forEach(d -> knownRunning.put(d.id(), d));
          diff(knownRunning, running, change::deployment, change::deploymentGone);
          diff(byApp(known.delays(), d -> d.appId()), t.delays, change::delay, change::delayGone);
          diff(byApp(known.queue(), q -> q.appId()), t.queue, change::queued, change::dequeued);
          diff(
              byApp(known.lastFailures(), f -> f.appId()),
              t.failures,
              change::failure,
              change::failureGone);
          agents(t, known, change);
          return new Sight(position(), change, "");
        });
  }

  @Override
  public Sight agents(World known, Position position, String mark) {
    return database.read(
        t -> {
          WorldChange change = new WorldChange(known.revision());
          agents(t, known, change);
          return new Sight(position, change, "");
        });
  }

  private static void agents(MemoryDatabase.Tables tables, World known, WorldChange change) {
    Map<String, Agent> before = new TreeMap<>();
    known.agents().forEach(agent -> before.put(agent.name(), agent));
    diff(before, tables.agents, change::agent, change::agentGone);
  }

  private static void apps(MemoryDatabase.Tables tables, World known, WorldChange change) {
    diff(known.apps(), tables.apps, change::app, change::appGone);
  }

  private static void tasks(MemoryDatabase.Tables tables, World known, WorldChange change) {
    for (TaskGoal goal : tables.goals.values()) {
      Optional<Task> before = known.task(goal.id());
      if (!before.map(Task::goal).equals(Optional.of(goal))) {
        change.goal(goal);
      }
      var seen = tables.observations.get(goal.id());
      if (seen != null && !before.map(Task::seen).equals(Optional.of(seen))) {
        change.seen(goal.appId(), seen);
      }
    }
    for (Task task : known.tasks()) {
      if (!tables.goals.containsKey(task.id())) {
        change.expunged(task.appId(), task.id());
      }
    }
    for (WorldChange.Version missing : change.missing(known)) {
      TreeMap<Instant, AppSpec> versions = tables.versions.get(missing.app());
      AppSpec spec = versions == null ? null : versions.get(missing.version());
      if (spec != null) {
        change.version(spec);
      }
    }
  }

  private static <V> Map<AppId, V> byApp(Iterable<V> values, Function<V, AppId> app) {
    Map<AppId, V> map = new TreeMap<>();
    values.forEach(value -> map.put(app.apply(value), value));
    return map;
  }

  private static <K, V> void diff(
      Map<K, V> before, Map<K, V> after, Consumer<V> changed, Consumer<K> gone) {
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            changed.accept(value);
          }
        });
    before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(gone);
  }
}
