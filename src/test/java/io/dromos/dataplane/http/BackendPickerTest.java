package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.Snapshots.active;
import static io.dromos.dataplane.http.Snapshots.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.Backend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackendPickerTest {
  private final BackendPicker picker = new BackendPicker(1);

  private List<Target> targets(Backend... backends) {
    return Stream.of(backends).map(b -> Target.of(b, picker.loadOf(b))).toList();
  }

  @Test
  void equalBackendsTakeTurnsUnderSequentialLoad() {
    List<Target> three = targets(active("a", 1), active("b", 2), active("c", 3));
    Map<Target, Integer> counts = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      Target chosen = picker.pick(three, List.of(), 0);
      counts.merge(chosen, 1, Integer::sum);
      chosen.load().released();
    }
    assertEquals(3, counts.size());
    counts.values().forEach(count -> assertEquals(100, count));
  }

  @Test
  void equalBackendsTakeTurnsUnderConcurrentLoad() {
    List<Target> three = targets(active("a", 1), active("b", 2), active("c", 3));
    Random random = new Random(1);
    Map<Target, Integer> counts = new HashMap<>();
    Deque<Target> inFlight = new ArrayDeque<>();
    for (int i = 0; i < 300; i++) {
      Target chosen = picker.pick(three, List.of(), 0);
      counts.merge(chosen, 1, Integer::sum);
      inFlight.add(chosen);
      while (!inFlight.isEmpty() && random.nextInt(8) < inFlight.size()) {
        (random.nextBoolean() ? inFlight.removeFirst() : inFlight.removeLast()).load().released();
      }
    }
    counts.values().forEach(count -> assertTrue(count >= 80 && count <= 120, counts::toString));
  }

  @Test
  void theLeastLoadedIsChosen() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    Target first = picker.pick(two, List.of(), 0);
    Target second = picker.pick(two, List.of(), 0);
    assertNotEquals(first, second);
    second.load().released();
    assertSame(second, picker.pick(two, List.of(), 0));
  }

  @Test
  void onlyAcceptingAndUntriedBackendsAreChosen() {
    List<Target> all =
        targets(
            backend("a", 1, Backend.State.DRAINING),
            active("b", 2),
            backend("c", 3, Backend.State.UNHEALTHY));
    Target chosen = picker.pick(all, List.of(), 0);
    assertEquals(2, chosen.backend().port());
    assertNull(picker.pick(all, List.of(chosen), 0));
  }

  @Test
  void anEjectedBackendSitsOutUntilItsTimeIsOverOrASnapshotComes() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    picker.eject(two.get(0), "refused", 0);
    for (int i = 0; i < 5; i++) {
      assertSame(two.get(1), picker.pick(two, List.of(), 1));
    }
    long later = BackendPicker.EJECTION.toNanos() + 1;
    assertSame(two.get(0), picker.pick(two, List.of(), later));

    picker.eject(two.get(0), "refused", later);
    picker.retain(aSnapshot().vhost("a", null, active("a", 1), active("b", 2)).build());
    assertSame(two.get(0), picker.pick(two, List.of(), later));
  }

  @Test
  void anEjectedBackendIsBetterThanNone() {
    List<Target> one = targets(active("a", 1));
    picker.eject(one.get(0), "refused", 0);
    assertSame(one.get(0), picker.pick(one, List.of(), 1));
  }

  @Test
  void whatIsKnownOutlivesASnapshotButNotTheBackend() {
    BackendLoad known = picker.loadOf(active("a", 1));
    picker.retain(aSnapshot().vhost("a", null, active("a", 1)).build());
    assertSame(known, picker.loadOf(backend("a", 1, Backend.State.DRAINING)));
    picker.retain(aSnapshot().build());
    assertNotEquals(known, picker.loadOf(active("a", 1)));
  }
}
