package io.dromos;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The change feed of this node: what a transaction announces goes to the other nodes by
 * notification and to this node's own loops as a CDI event after the commit, which is sooner. With
 * {@code dromos.signals=false} neither is sent, and the timer alone wakes the loops.
 */
final class Signals implements ChangeFeed {
  private final ChangeFeed remote;
  private final Consumer<Set<Topic>> local;
  private final boolean enabled;
  private final List<Consumer<Set<Topic>>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param local fires the CDI event that comes back to {@link #committed} once the transaction has
   *     committed
   */
  Signals(ChangeFeed remote, Consumer<Set<Topic>> local, boolean enabled) {
    this.remote = remote;
    this.local = local;
    this.enabled = enabled;
    remote.subscribe(this::committed);
  }

  @Override
  public void announce(Set<Topic> topics) {
    if (enabled && !topics.isEmpty()) {
      local.accept(topics);
      remote.announce(topics);
    }
  }

  @Override
  public void subscribe(Consumer<Set<Topic>> listener) {
    listeners.add(listener);
  }

  void committed(Set<Topic> topics) {
    listeners.forEach(listener -> listener.accept(topics));
  }
}
