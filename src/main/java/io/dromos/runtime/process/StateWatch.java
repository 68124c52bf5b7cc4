package io.dromos.runtime.process;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import io.dromos.task.TaskId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells at once when a supervisor wrote to a task's state: through inotify, and where the machine
 * gives none, by asking every 20 ms. Both work for tasks that an earlier run of Dromos started;
 * waiting for a process does not, for it is nobody's child any more.
 */
final class StateWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StateWatch.class.getName());
  private static final long POLL_MILLIS = 20;

  private final Consumer<TaskId> changed;
  private final @Nullable WatchService inotify;
  private final Map<WatchKey, TaskId> keys = new ConcurrentHashMap<>();
  private final Set<TaskId> polled = ConcurrentHashMap.newKeySet();

  StateWatch(Consumer<TaskId> changed, ThreadFactory threads, ScheduledExecutorService scheduler) {
    this.changed = changed;
    this.inotify = open();
    WatchService service = inotify;
    if (service != null) {
      Thread thread = threads.newThread(() -> listen(service));
      thread.setName("dromos-process-watch");
      thread.start();
    }
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> polled.forEach(changed), POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  void add(TaskId id, Path directory) {
    if (inotify == null) {
      polled.add(id);
      return;
    }
    try {
      keys.put(directory.register(inotify, ENTRY_CREATE, ENTRY_MODIFY), id);
    } catch (IOException e) {
      polled.add(id);
    }
    // What was written before the registration makes no event.
    changed.accept(id);
  }

  void remove(TaskId id) {
    polled.remove(id);
    keys.entrySet()
        .removeIf(
            entry -> {
              if (entry.getValue().equals(id)) {
                entry.getKey().cancel();
                return true;
              }
              return false;
            });
  }

  @Override
  public void close() {
    if (inotify != null) {
      try {
        inotify.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "closing the watch on task states", e);
      }
    }
  }

  private void listen(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        TaskId id = keys.get(key);
        key.reset();
        if (id != null) {
          changed.accept(id);
        }
      }
    } catch (ClosedWatchServiceException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable WatchService open() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "no inotify ({0}): task states are polled every {1} ms; raise"
              + " fs.inotify.max_user_instances",
          e.getMessage(),
          POLL_MILLIS);
      return null;
    }
  }
}
