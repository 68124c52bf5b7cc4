package io.dromos.cluster;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Wakes the loops of all nodes, this one included, within milliseconds of a commit. Losing a
 * wake-up costs a second, never a task: timers wake the loops anyway.
 */
public interface ChangeFeed {
  /** Inside a transaction: announced when it commits, never when it rolls back. */
  void announce(Set<Topic> topics);

  /** The listener is called on the feed's own thread and must only signal. */
  void subscribe(Consumer<Set<Topic>> listener);
}
