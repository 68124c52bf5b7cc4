package io.dromos.store;

import java.util.Collection;
import java.util.List;

/** The event stream, in commit order. */
public interface EventStore {
  /** Events kept for replay; older ones are pruned. */
  int KEPT = 10_000;

  void append(Collection<StoredEvent> events);

  /** Events with an id above {@code afterId}, oldest first. */
  List<StoredEvent> after(long afterId, int limit);

  /** Highest id, 0 when there is none. */
  long lastId();

  /** Drops all but the newest {@link #KEPT}. */
  void prune();
}
