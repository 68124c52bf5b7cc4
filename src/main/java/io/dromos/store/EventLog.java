package io.dromos.store;

import java.util.Collection;
import java.util.List;

/** Appends events in wire form inside the current transaction. */
public final class EventLog {
  private final EventStore store;
  private final EventEncoder encoder;

  public EventLog(EventStore store, EventEncoder encoder) {
    this.store = store;
    this.encoder = encoder;
  }

  public void publish(Collection<? extends ClusterEvent> events) {
    List<StoredEvent> encoded =
        events.stream().flatMap(event -> encoder.encode(event).stream()).toList();
    if (!encoded.isEmpty()) {
      store.append(encoded);
    }
  }

  public void publish(ClusterEvent event) {
    publish(List.of(event));
  }
}
