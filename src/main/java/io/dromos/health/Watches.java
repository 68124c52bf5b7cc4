package io.dromos.health;

import io.dromos.task.TaskId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that a prober watches, each until somebody no longer wants it.
 *
 * @param <T> what is asked, of one task
 * @param <W> what is known of one task
 */
final class Watches<T, W extends Watches.Watch> {
  /** One watched task; what is under way for it looks whether it has ended meanwhile. */
  abstract static class Watch {
    private boolean ended;

    synchronized void end() {
      ended = true;
    }

    synchronized boolean hasEnded() {
      return ended;
    }
  }

  private final Map<TaskId, W> watches = new ConcurrentHashMap<>();
  private final Function<T, TaskId> id;
  private final Function<T, W> opening;

  /**
   * @param opening makes the watch of a task that was not watched before
   */
  Watches(Function<T, TaskId> id, Function<T, W> opening) {
    this.id = id;
    this.opening = opening;
  }

  /**
   * Watches exactly these from now on; tasks that are watched already go on undisturbed.
   *
   * @param begin called with each new watch
   */
  void keep(Collection<T> targets, Consumer<W> begin) {
    Set<TaskId> wanted = targets.stream().map(id).collect(Collectors.toSet());
    watches
        .entrySet()
        .removeIf(
            entry -> {
              if (wanted.contains(entry.getKey())) {
                return false;
              }
              entry.getValue().end();
              return true;
            });
    for (T target : targets) {
      TaskId task = id.apply(target);
      if (!watches.containsKey(task)) {
        W watch = opening.apply(target);
        watches.put(task, watch);
        begin.accept(watch);
      }
    }
  }

  @Nullable W of(TaskId task) {
    return watches.get(task);
  }
}
