package io.dromos.cluster;

import io.dromos.store.memory.MemoryStores;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells listeners of this JVM, on the committing thread. */
public final class MemoryChangeFeed implements ChangeFeed {
  private final MemoryStores stores;
  private final List<Consumer<Set<Topic>>> listeners = new CopyOnWriteArrayList<>();

  public MemoryChangeFeed(MemoryStores stores) {
    this.stores = stores;
  }

  @Override
  public void announce(Set<Topic> topics) {
    Set<Topic> told = Set.copyOf(topics);
    stores.afterCommit(() -> listeners.forEach(listener -> listener.accept(told)));
  }

  @Override
  public void subscribe(Consumer<Set<Topic>> listener) {
    listeners.add(listener);
  }
}
