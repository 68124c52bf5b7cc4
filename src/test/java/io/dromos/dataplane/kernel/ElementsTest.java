package io.dromos.dataplane.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.Protocol;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a change of backends does to the table's elements. */
class ElementsTest {
  private static final Service WEB = new Service("11.0.1.0", Protocol.TCP, 80);
  private static final String KEY = "11.0.1.0 . tcp . 80";

  private static Services web(int... ports) {
    Set<Endpoint> endpoints =
        Arrays.stream(ports)
            .mapToObj(port -> new Endpoint("10.0.0.1", port))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Services(endpoints.isEmpty() ? Map.of() : Map.of(WEB, endpoints), Set.of());
  }

  private static Elements table(int... ports) {
    return Elements.NONE.next(web(ports), Set.of());
  }

  private static List<String> slots(Elements elements) {
    return IntStream.range(0, elements.slots().size())
        .mapToObj(i -> elements.slots().get(KEY + " . " + i))
        .toList();
  }

  @Test
  void theBackendsOfAServiceAreNumberedFromZeroAndItsChainDrawsAmongThem() {
    Elements made = table(1, 2, 3);
    assertEquals(List.of("10.0.0.1 . 1", "10.0.0.1 . 2", "10.0.0.1 . 3"), slots(made));
    assertEquals(Map.of(KEY, "goto n3"), made.services());
    assertEquals(Set.of(3), made.counts());
  }

  @Test
  void theLastSlotFillsTheHoleOfABackendThatLeaves() {
    Elements made = table(1, 2, 3, 4);
    Elements next = made.next(web(1, 3, 4), Set.of());
    assertEquals(List.of("10.0.0.1 . 1", "10.0.0.1 . 4", "10.0.0.1 . 3"), slots(next));
    assertEquals(
        """
        delete element ip dromos slots { 11.0.1.0 . tcp . 80 . 1, 11.0.1.0 . tcp . 80 . 3 }
        add element ip dromos slots { 11.0.1.0 . tcp . 80 . 1 : 10.0.0.1 . 4 }
        delete element ip dromos services { 11.0.1.0 . tcp . 80 }
        add element ip dromos services { 11.0.1.0 . tcp . 80 : goto n3 }
        """,
        sorted(made.commandsTo(next)));
  }

  /** The order of elements within a command means nothing. */
  private static String sorted(String commands) {
    return commands
        .lines()
        .map(
            line -> {
              String[] parts = line.split("[{}]");
              return parts[0]
                  + "{ "
                  + Arrays.stream(parts[1].split(","))
                      .map(String::strip)
                      .sorted()
                      .collect(Collectors.joining(", "))
                  + " }\n";
            })
        .collect(Collectors.joining());
  }

  @Test
  void aReplacementTakesTheSlotOfTheOneItReplaces() {
    Elements made = table(1, 2, 3);
    Elements next = made.next(web(1, 7, 3), Set.of());
    assertEquals(List.of("10.0.0.1 . 1", "10.0.0.1 . 7", "10.0.0.1 . 3"), slots(next));
    assertFalse(made.commandsTo(next).contains("services"), made.commandsTo(next));
  }

  @Test
  void aServiceWithoutBackendsLeavesNothingBehind() {
    Elements next = table(1, 2).next(web(), Set.of());
    assertEquals(Elements.NONE, next);
    assertTrue(table(1, 2).commandsTo(next).startsWith("delete element ip dromos slots"));
  }

  @Test
  void theSameServicesAgainChangeNothing() {
    Elements made = table(3, 1, 2);
    assertEquals("", made.commandsTo(made.next(web(2, 3, 1), Set.of())));
    assertEquals(0, made.difference(made.next(web(1, 2, 3), Set.of())));
  }

  @Test
  void interfacesAreQuoted() {
    Elements next = Elements.NONE.next(Services.NONE, Set.of("eth0"));
    assertEquals("add element ip dromos outside { \"eth0\" }\n", Elements.NONE.commandsTo(next));
  }

  /**
   * Whatever comes and goes: slots are numbered without holes, hold exactly the backends, and no
   * more of them are touched than came or went, and one more each for those that fill holes.
   */
  @Test
  void randomChangesKeepTheTableWhole() {
    Random random = new Random(20);
    Set<Integer> ports = new HashSet<>();
    Elements made = Elements.NONE;
    for (int i = 0; i < 2_000; i++) {
      Set<Integer> before = new HashSet<>(ports);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int port = 1 + random.nextInt(12);
        if (!ports.remove(port)) {
          ports.add(port);
        }
      }
      Elements next =
          made.next(web(ports.stream().mapToInt(Integer::intValue).toArray()), Set.of());
      assertEquals(
          ports.stream().map(port -> "10.0.0.1 . " + port).collect(Collectors.toSet()),
          new HashSet<>(slots(next)));
      assertEquals(
          ports.isEmpty() ? Map.of() : Map.of(KEY, "goto n" + ports.size()), next.services());
      Set<Integer> left = new HashSet<>(before);
      left.removeAll(ports);
      Set<Integer> came = new HashSet<>(ports);
      came.removeAll(before);
      Map<String, String> moved = new HashMap<>(next.slots());
      moved.entrySet().removeAll(made.slots().entrySet());
      assertTrue(
          moved.size() <= came.size() + left.size(), before + " to " + ports + " touched " + moved);
      made = next;
    }
  }
}
