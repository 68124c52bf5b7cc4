package io.dromos.api;

import static io.dromos.api.WireFixtures.NOON;
import static io.dromos.api.WireFixtures.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.cluster.MemoryChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.store.EventStore;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private final MemoryStores memory = new MemoryStores(Clock.fixed(NOON, ZoneOffset.UTC));
  private final Stores stores = memory.stores();
  private final MemoryChangeFeed feed = new MemoryChangeFeed(memory);
  private final EventStream stream =
      new EventStream(
              stores.events(),
              stores.transactions(),
              Clock.fixed(NOON, ZoneOffset.UTC),
              Thread::new)
          .start(feed);

  @AfterEach
  void close() {
    stream.close();
  }

  @Test
  void theFirstEventIsTheAttachmentInExactlyMarathonsBytes() {
    WireFixtures.FakeClient client = attach(Set.of(), null);
    await("attached", () -> !client.text().isEmpty());
    assertEquals(
        "event: event_stream_attached\r\ndata: {\"remoteAddress\":\"127.0.0.1\","
            + "\"eventType\":\"event_stream_attached\","
            + "\"timestamp\":\"2024-01-01T12:00:00.000Z\"}\r\n\r\n",
        client.text());
  }

  @Test
  void whatIsCommittedComesInOrderWithIds() {
    append("before", 3);
    WireFixtures.FakeClient client = attach(Set.of(), null);
    await("attached", () -> client.text().contains("attached"));
    append("after", 3);
    await("events", () -> client.text().contains("after-2"));
    assertEquals(List.of("after-0", "after-1", "after-2"), received(client));
    assertTrue(
        client.text().contains("id: 4\r\nevent: after\r\ndata: {\"n\":\"after-0\"}\r\n\r\n"),
        client.text());
  }

  @Test
  void theTimerAloneDeliversWhenNothingIsAnnounced() {
    WireFixtures.FakeClient client = attach(Set.of(), null);
    await("attached", () -> client.text().contains("attached"));
    stores.transactions().run(() -> stores.events().append(List.of(event("silent", 0))));
    await("event", () -> client.text().contains("silent-0"));
  }

  @Test
  void aFilterHoldsForEveryEventTheAttachmentIncluded() {
    WireFixtures.FakeClient picky = attach(Set.of("wanted", "unknown"), null);
    WireFixtures.FakeClient greedy = attach(Set.of(), null);
    await("attached", () -> greedy.text().contains("attached"));
    append("other", 2);
    append("wanted", 1);
    await("wanted", () -> picky.text().contains("wanted-0"));
    await("all", () -> greedy.text().contains("wanted-0"));
    assertEquals(List.of("wanted-0"), received(picky));
    assertFalse(picky.text().contains("attached"));
    assertEquals(List.of("other-0", "other-1", "wanted-0"), received(greedy));
  }

  @Test
  void aClientThatComesBackGetsWhatItMissed() {
    append("missed", 5);
    WireFixtures.FakeClient client = attach(Set.of(), 2L);
    await("replayed", () -> client.text().contains("missed-4"));
    assertEquals(List.of("missed-2", "missed-3", "missed-4"), received(client));
  }

  @Test
  void anIdFromAnotherDatabaseBeginsWithWhatComesNext() {
    append("old", 2);
    WireFixtures.FakeClient client = attach(Set.of(), 999L);
    await("attached", () -> client.text().contains("attached"));
    append("new", 1);
    await("new", () -> client.text().contains("new-0"));
    assertEquals(List.of("new-0"), received(client));
    assertTrue(client.text().contains(gap(999, 3)), client.text());
  }

  @Test
  void whatIsNotKeptAnyMoreIsAGap() {
    append("many", EventStore.KEPT + 20);
    stores.transactions().run(stores.events()::prune);
    WireFixtures.FakeClient back = attach(Set.of("many", "event_stream_gap_event"), 7L);
    WireFixtures.FakeClient picky = attach(Set.of("many"), 7L);
    await("replayed", () -> back.text().contains("many-" + (EventStore.KEPT + 19)));
    await("replayed", () -> picky.text().contains("many-" + (EventStore.KEPT + 19)));
    assertTrue(back.text().startsWith(gap(7, 21)), back.text().substring(0, 300));
    assertEquals(EventStore.KEPT, received(back).size());
    assertFalse(picky.text().contains("gap"));
  }

  @Test
  void everyReaderOnEveryNodeGetsTheSameInTheSameOrder() {
    try (EventStream elsewhere =
        new EventStream(
                stores.events(),
                stores.transactions(),
                Clock.fixed(NOON, ZoneOffset.UTC),
                Thread::new)
            .start(feed)) {
      WireFixtures.FakeClient here = attach(Set.of(), 0L);
      WireFixtures.FakeClient there =
          new WireFixtures.FakeClient(elsewhere::signal, elsewhere::signal);
      elsewhere.attach(new EventStream.Client(there.sink(), Set.of(), 0L, "127.0.0.1"));
      for (String type : List.of("a", "b", "c")) {
        new Thread(
                () -> {
                  for (int i = 0; i < 50; i++) {
                    append(type + i + "x", 3);
                  }
                })
            .start();
      }
      await("all here", () -> received(here).size() == 450);
      await("all there", () -> received(there).size() == 450);
      assertEquals(received(here), received(there));
    }
  }

  @Test
  void aSlowClientHoldsNobodyUpAndMissesNothing() {
    WireFixtures.FakeClient slow = attach(Set.of(), null);
    WireFixtures.FakeClient quick = attach(Set.of(), null);
    await("attached", () -> slow.text().contains("attached") && quick.text().contains("attached"));
    slow.block();
    // More than the newest events kept in memory and more than the client's queue.
    append("many", 6000);
    await("quick is served", () -> quick.text().contains("many-5999"));
    assertEquals(0, received(slow).size());
    assertTrue(slow.sink().pendingBytes() <= AsyncSink.MAX_PENDING_BYTES);
    slow.unblock();
    await("slow catches up", () -> slow.text().contains("many-5999"));
    assertEquals(6000, received(slow).size());
    assertEquals(received(quick), received(slow));
  }

  @Test
  void othersLearnThatAClientLeft() {
    WireFixtures.FakeClient stays = attach(Set.of(), null);
    WireFixtures.FakeClient leaves = attach(Set.of(), null);
    await("both", () -> leaves.text().contains("attached"));
    leaves.sink().onError(new java.io.IOException("gone"));
    await("detached", () -> stays.text().contains("event: event_stream_detached\r\n"));
    assertTrue(leaves.completed());
  }

  @Test
  void lastEventIdIsANumberOfOursOrNothing() {
    assertEquals(17L, EventStreamServlet.lastEventId(" 17 "));
    for (String text : new String[] {null, "", "-1", "abc", "99999999999999999999"}) {
      assertNull(EventStreamServlet.lastEventId(text), text);
    }
  }

  private static String gap(long last, long next) {
    return "event: event_stream_gap_event\r\ndata: {\"lastEventId\":"
        + last
        + ",\"nextEventId\":"
        + next
        + ",\"eventType\":\"event_stream_gap_event\",\"timestamp\":\"2024-01-01T12:00:00.000Z\"}"
        + "\r\n\r\n";
  }

  private WireFixtures.FakeClient attach(Set<String> types, @Nullable Long lastEventId) {
    WireFixtures.FakeClient client = new WireFixtures.FakeClient(stream::signal, stream::signal);
    stream.attach(new EventStream.Client(client.sink(), types, lastEventId, "127.0.0.1"));
    return client;
  }

  private void append(String type, int count) {
    stores
        .transactions()
        .run(
            () -> {
              List<StoredEvent> events = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                events.add(event(type, i));
              }
              stores.events().append(events);
              feed.announce(Set.of(Topic.EVENTS));
            });
  }

  private static StoredEvent event(String type, int number) {
    return new StoredEvent(0, type, NOON, null, "{\"n\":\"" + type + "-" + number + "\"}");
  }

  private static List<String> received(WireFixtures.FakeClient client) {
    return client
        .text()
        .lines()
        // The last line may have come half.
        .filter(line -> line.startsWith("data: {\"n\":\"") && line.endsWith("\"}"))
        .map(line -> line.substring(12, line.length() - 2))
        .toList();
  }
}
