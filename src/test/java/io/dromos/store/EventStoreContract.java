package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The event stream. */
public interface EventStoreContract {
  Stores stores();

  private EventStore events() {
    return stores().events();
  }

  @Test
  default void eventsAreNumberedInOrderWithoutGaps() {
    assertEquals(0, events().lastId());
    events().append(List.of(Samples.event("a"), Samples.event("b")));
    assertThrows(
        IllegalStateException.class,
        () ->
            stores()
                .transactions()
                .run(
                    () -> {
                      events().append(List.of(Samples.event("lost")));
                      throw new IllegalStateException("on purpose");
                    }));
    events().append(List.of(Samples.event("c")));
    List<StoredEvent> all = events().after(0, 100);
    assertEquals(List.of(1L, 2L, 3L), all.stream().map(StoredEvent::id).toList());
    assertEquals(List.of("a", "b", "c"), all.stream().map(StoredEvent::type).toList());
    assertEquals(3, events().lastId());
    StoredEvent expected = Samples.event("a");
    assertEquals(
        new StoredEvent(1, "a", expected.at(), expected.appId(), expected.json()), all.get(0));
  }

  @Test
  default void aReaderContinuesBehindWhatItHas() {
    events().append(List.of(Samples.event("a"), Samples.event("b"), Samples.event("c")));
    assertEquals(List.of("b"), events().after(1, 1).stream().map(StoredEvent::type).toList());
    assertTrue(events().after(3, 10).isEmpty());
  }

  @Test
  default void pruningKeepsTheNewest() {
    List<StoredEvent> many = new ArrayList<>();
    for (int i = 0; i < EventStore.KEPT + 7; i++) {
      many.add(Samples.event("e" + i));
    }
    events().append(many);
    events().prune();
    assertEquals(8, events().after(0, 1).get(0).id());
    assertEquals(EventStore.KEPT + 7, events().lastId());
    assertEquals(EventStore.KEPT, events().after(0, EventStore.KEPT * 2).size());
  }
}
