package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A runtime that sees what a test says and remembers what it was asked for. */
final class ScriptedRuntime implements TaskRuntime {
  final Map<TaskId, RuntimeStatus> tasks = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  final List<LaunchSpec> launched = new ArrayList<>();
  Optional<String> unavailable = Optional.empty();
  Runnable onInspect = () -> {};
  Runnable onLaunch = () -> {};

  @Override
  public String name() {
    return "process";
  }

  @Override
  public boolean accepts(AppSpec app) {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public void launch(LaunchSpec spec) {
    onLaunch.run();
    calls.add("launch " + spec.id());
    launched.add(spec);
    tasks.putIfAbsent(spec.id(), new RuntimeStatus.Preparing(""));
  }

  @Override
  public Map<TaskId, RuntimeStatus> inspect() {
    onInspect.run();
    return Map.copyOf(tasks);
  }

  @Override
  public void stop(TaskId id, Duration grace) {
    calls.add("stop " + id + " " + grace.toSeconds());
  }

  @Override
  public void forget(TaskId id) {
    calls.add("forget " + id);
    tasks.remove(id);
  }

  @Override
  public int probe(LaunchSpec spec, String command, Duration timeout) {
    return 0;
  }

  @Override
  public void onChange(Consumer<TaskId> listener) {}

  @Override
  public void close() {}
}
