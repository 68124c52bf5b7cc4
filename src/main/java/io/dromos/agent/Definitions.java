package io.dromos.agent;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.store.AppStore;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The definitions of the tasks placed here. A version never changes, so each is read once. */
final class Definitions {
  private record Key(AppId app, Instant version) {}

  private final AppStore apps;
  private final Map<Key, AppSpec> known = new HashMap<>();
  private @Nullable Key last;

  Definitions(AppStore apps) {
    this.apps = apps;
  }

  /** Inside a transaction: reads what is missing, forgets what nobody runs. */
  void refresh(Collection<Task> tasks) {
    last = null;
    Set<Key> needed = new HashSet<>();
    for (Task task : tasks) {
      Key key = key(task);
      if (key.equals(last)) {
        continue;
      }
      last = key;
      needed.add(key);
      if (!known.containsKey(key)) {
        apps.version(key.app(), key.version()).ifPresent(app -> known.put(key, app));
      }
    }
    known.keySet().retainAll(needed);
  }

  Optional<AppSpec> of(Task task) {
    return Optional.ofNullable(known.get(key(task)));
  }

  /** Tasks come by app: most have the key of the one before. */
  private Key key(Task task) {
    Key before = last;
    if (before != null
        && before.app().equals(task.appId())
        && before.version().equals(task.goal().version())) {
      return before;
    }
    return new Key(task.appId(), task.goal().version());
  }
}
