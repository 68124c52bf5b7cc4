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
import io.dromos.routing.Balance;
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
      Target chosen = picker.pick(three, Choice.NONE, List.of(), 0);
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
      Target chosen = picker.pick(three, Choice.NONE, List.of(), 0);
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
    Target first = picker.pick(two, Choice.NONE, List.of(), 0);
    Target second = picker.pick(two, Choice.NONE, List.of(), 0);
    assertNotEquals(first, second);
    second.load().released();
    assertSame(second, picker.pick(two, Choice.NONE, List.of(), 0));
  }

  @Test
  void onlyAcceptingAndUntriedBackendsAreChosen() {
    List<Target> all =
        targets(
            backend("a", 1, Backend.State.DRAINING),
            active("b", 2),
            backend("c", 3, Backend.State.UNHEALTHY));
    Target chosen = picker.pick(all, Choice.NONE, List.of(), 0);
    assertEquals(2, chosen.backend().port());
    assertNull(picker.pick(all, Choice.NONE, List.of(chosen), 0));
  }

  @Test
  void anEjectedBackendSitsOutUntilItsTimeIsOverOrASnapshotComes() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    picker.eject(two.get(0), "refused", 0);
    for (int i = 0; i < 5; i++) {
      assertSame(two.get(1), picker.pick(two, Choice.NONE, List.of(), 1));
    }
    long later = BackendPicker.EJECTION.toNanos() + 1;
    assertSame(two.get(0), picker.pick(two, Choice.NONE, List.of(), later));

    picker.eject(two.get(0), "refused", later);
    picker.retain(aSnapshot().vhost("a", null, active("a", 1), active("b", 2)).build());
    assertSame(two.get(0), picker.pick(two, Choice.NONE, List.of(), later));
  }

  @Test
  void anEjectedBackendIsBetterThanNone() {
    List<Target> one = targets(active("a", 1));
    picker.eject(one.get(0), "refused", 0);
    assertSame(one.get(0), picker.pick(one, Choice.NONE, List.of(), 1));
  }

  @Test
  void whatIsKnownOutlivesASnapshotButNotTheBackend() {
    BackendLoad known = picker.loadOf(active("a", 1));
    picker.retain(aSnapshot().vhost("a", null, active("a", 1)).build());
    assertSame(known, picker.loadOf(backend("a", 1, Backend.State.DRAINING)));
    picker.retain(aSnapshot().build());
    assertNotEquals(known, picker.loadOf(active("a", 1)));
  }

  private static Choice by(Balance.Kind kind, int hash) {
    return new Choice(kind, hash, null);
  }

  private int port(List<Target> targets, Choice choice) {
    Target chosen = picker.pick(targets, choice, List.of(), 0);
    chosen.load().released();
    return chosen.backend().port();
  }

  @Test
  void roundRobinTakesTurnsWhateverIsOutstanding() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    Choice turns = by(Balance.Kind.ROUND_ROBIN, 0);
    Target first = picker.pick(two, turns, List.of(), 0);
    assertNotEquals(first, picker.pick(two, turns, List.of(), 0));
    two.forEach(target -> target.load().released());
    picker.pick(two, Choice.NONE, List.of(first), 0);
    assertSame(first, picker.pick(two, turns, List.of(), 0));
  }

  @Test
  void theFirstIsTakenWhileThereIsOne() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    Choice first = by(Balance.Kind.FIRST, 0);
    assertEquals(List.of(1, 1, 1), Stream.of(1, 2, 3).map(i -> port(two, first)).toList());
    two.get(0).load().probed(false);
    assertEquals(2, port(two, first));
  }

  @Test
  void aHashKeepsItsBackendAndMovesOnlyWhenThatLeaves() {
    List<Target> three = targets(active("a", 1), active("b", 2), active("c", 3));
    Map<Integer, Integer> before = new HashMap<>();
    for (int hash = 0; hash < 300; hash++) {
      Choice source = by(Balance.Kind.SOURCE, hash * 7919);
      before.put(hash, port(three, source));
      assertEquals(before.get(hash), port(three, source));
    }
    List<Target> without = three.subList(0, 2);
    for (int hash = 0; hash < 300; hash++) {
      int now = port(without, by(Balance.Kind.SOURCE, hash * 7919));
      if (before.get(hash) != 3) {
        assertEquals(before.get(hash), now);
      }
    }
    for (int port = 1; port <= 3; port++) {
      int wanted = port;
      assertTrue(before.values().stream().filter(p -> p == wanted).count() > 50, before::toString);
    }
  }

  @Test
  void aBoundClientStaysUntilItsBackendIsDrainedDownOrRefusing() {
    List<Target> two = targets(active("a", 1), active("b", 2));
    Choice bound = new Choice(Balance.Kind.LEAST_BUSY, 0, two.get(1));
    assertEquals(List.of(2, 2, 2), Stream.of(1, 2, 3).map(i -> port(two, bound)).toList());
    two.get(1).load().probed(false);
    assertEquals(1, port(two, bound));
    two.get(1).load().probed(true);
    picker.eject(two.get(1), "refused", 0);
    assertEquals(1, port(two, bound));
    List<Target> drained = targets(active("a", 1), backend("d", 4, Backend.State.DRAINING));
    assertEquals(1, port(drained, new Choice(Balance.Kind.LEAST_BUSY, 0, drained.get(1))));
  }

  @Test
  void whenEveryProbeFailsThereIsNobody() {
    List<Target> one = targets(active("a", 1));
    one.get(0).load().probed(false);
    assertNull(picker.pick(one, Choice.NONE, List.of(), 0));
  }
}
