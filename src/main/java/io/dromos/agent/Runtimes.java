package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The runtimes of this node as one. */
public final class Runtimes {
  /** A task as its runtime sees it. */
  record Listed(TaskRuntime runtime, RuntimeStatus status) {
    /** It ended or was never started; there is nothing to stop. */
    boolean isOver() {
      return status instanceof RuntimeStatus.Ended || status instanceof RuntimeStatus.Failed;
    }
  }

  /**
   * One look at all runtimes.
   *
   * @param unavailable why a runtime cannot be used, by its name; taken before the listing, so that
   *     a runtime that isn't named here has listed all it has
   */
  record Listing(Map<TaskId, Listed> tasks, Map<String, String> unavailable) {
    /** Tasks that ran and are over. */
    Set<TaskId> ended() {
      Set<TaskId> ended = new HashSet<>();
      tasks.forEach(
          (id, listed) -> {
            if (listed.status() instanceof RuntimeStatus.Ended) {
              ended.add(id);
            }
          });
      return ended;
    }

    Optional<String> unavailable(@Nullable TaskRuntime runtime) {
      return runtime == null
          ? Optional.empty()
          : Optional.ofNullable(unavailable.get(runtime.name()));
    }
  }

  private final List<TaskRuntime> all;

  public Runtimes(List<TaskRuntime> all) {
    this.all = List.copyOf(all);
  }

  List<TaskRuntime> all() {
    return all;
  }

  /** What the usable ones of them run. */
  List<String> features() {
    Map<String, String> problems = problems();
    return all.stream()
        .filter(runtime -> !problems.containsKey(runtime.name()))
        .flatMap(runtime -> runtime.features().stream())
        .distinct()
        .sorted()
        .toList();
  }

  Listing inspect() {
    Map<String, String> unavailable = problems();
    Map<TaskId, Listed> tasks = new HashMap<>();
    for (TaskRuntime runtime : all) {
      runtime.inspect().forEach((id, status) -> tasks.put(id, new Listed(runtime, status)));
    }
    return new Listing(tasks, unavailable);
  }

  /** The runtime that runs tasks of {@code app}. */
  Optional<TaskRuntime> accepting(AppSpec app) {
    return all.stream().filter(runtime -> runtime.accepts(app)).findFirst();
  }

  /** Why a runtime cannot be used, by its name. */
  Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    for (TaskRuntime runtime : all) {
      runtime.unavailable().ifPresent(why -> problems.put(runtime.name(), why));
    }
    return problems;
  }

  /** Tasks that are over, whatever anybody wants of them. */
  Set<TaskId> over() {
    Set<TaskId> over = new HashSet<>();
    for (TaskRuntime runtime : all) {
      over.addAll(runtime.dying());
      runtime
          .inspect()
          .forEach(
              (id, status) -> {
                if (status instanceof RuntimeStatus.Ended) {
                  over.add(id);
                }
              });
    }
    return over;
  }
}
