package io.dromos.dataplane.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contents of the table's maps and sets, spelled as nft lists them.
 *
 * @param slots {@code 11.0.1.5 . tcp . 80 . 0} to {@code 10.0.0.1 . 31000}: the numbered endpoints
 *     of a service
 * @param services {@code 11.0.1.5 . tcp . 80} to {@code goto n2}: the chain that draws among as
 *     many slots
 * @param pinned addresses outside of the pool that are dispatched
 * @param outside names of interfaces that lead out of the cluster's machines
 */
record Elements(
    Map<String, String> slots,
    Map<String, String> services,
    Set<String> pinned,
    Set<String> outside) {
  static final Elements NONE = new Elements(Map.of(), Map.of(), Set.of(), Set.of());

  Elements {
    slots = Map.copyOf(slots);
    services = Map.copyOf(services);
    pinned = Set.copyOf(pinned);
    outside = Set.copyOf(outside);
  }

  static String key(Service service) {
    return service.address() + " . " + service.protocolName() + " . " + service.port();
  }

  private static String value(Endpoint endpoint) {
    return endpoint.address() + " . " + endpoint.port();
  }

  private static String slot(String key, int number) {
    return key + " . " + number;
  }

  /** Elements of a table that dispatches {@code wanted}, with as many slots kept as can be. */
  Elements next(Services wanted, Set<String> outsideNow) {
    Map<String, String> nextSlots = new HashMap<>();
    Map<String, String> nextServices = new HashMap<>();
    wanted
        .active()
        .forEach(
            (service, endpoints) -> {
              String key = key(service);
              List<String> listed = arrange(current(key), endpoints);
              for (int i = 0; i < listed.size(); i++) {
                nextSlots.put(slot(key, i), listed.get(i));
              }
              nextServices.put(key, "goto n" + listed.size());
            });
    return new Elements(nextSlots, nextServices, wanted.pinned(), outsideNow);
  }

  private List<String> current(String key) {
    List<String> listed = new ArrayList<>();
    for (int i = 0; ; i++) {
      String value = slots.get(slot(key, i));
      if (value == null) {
        return listed;
      }
      listed.add(value);
    }
  }

  /** Those that stay keep their number; newcomers fill the holes, then the last ones do. */
  private static List<String> arrange(List<String> before, Set<Endpoint> endpoints) {
    Set<String> fresh = new LinkedHashSet<>();
    endpoints.stream().map(Elements::value).sorted().forEach(fresh::add);
    int size = fresh.size();
    List<String> after = new ArrayList<>(before.subList(0, Math.min(size, before.size())));
    List<String> beyond = before.subList(after.size(), before.size());
    List<Integer> holes = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      if (!fresh.remove(after.get(i))) {
        holes.add(i);
      }
    }
    Set<String> rest = new LinkedHashSet<>();
    beyond.stream().filter(fresh::remove).forEach(rest::add);
    rest.addAll(fresh);
    int hole = 0;
    for (String value : rest) {
      if (hole < holes.size()) {
        after.set(holes.get(hole++), value);
      } else {
        after.add(value);
      }
    }
    return after;
  }

  /** How many slots the chains of these services draw among. */
  Set<Integer> counts() {
    Set<Integer> counts = new HashSet<>();
    services.values().forEach(chain -> counts.add(Integer.valueOf(chain.substring(6))));
    return counts;
  }

  int size() {
    return slots.size() + services.size() + pinned.size() + outside.size();
  }

  /** How many elements differ. */
  int difference(Elements other) {
    return changes(slots, other.slots).size()
        + changes(services, other.services).size()
        + changes(asMap(pinned), asMap(other.pinned)).size()
        + changes(asMap(outside), asMap(other.outside)).size();
  }

  private static Map<String, String> asMap(Set<String> set) {
    Map<String, String> map = new HashMap<>();
    set.forEach(value -> map.put(value, ""));
    return map;
  }

  private static Set<String> changes(Map<String, String> from, Map<String, String> to) {
    Set<String> keys = new HashSet<>();
    from.forEach(
        (key, value) -> {
          if (!value.equals(to.get(key))) {
            keys.add(key);
          }
        });
    to.keySet().stream().filter(key -> !from.containsKey(key)).forEach(keys::add);
    return keys;
  }

  /** Commands that turn a table with these elements into one with {@code next}; may be empty. */
  String commandsTo(Elements next) {
    StringBuilder commands = new StringBuilder();
    change(commands, "slots", slots, next.slots);
    change(commands, "services", services, next.services);
    change(commands, "pinned", asMap(pinned), asMap(next.pinned));
    change(commands, "outside", asMap(outside), asMap(next.outside));
    return commands.toString();
  }

  private static void change(
      StringBuilder commands, String set, Map<String, String> from, Map<String, String> to) {
    List<String> gone = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (String key : changes(from, to)) {
      if (from.containsKey(key)) {
        gone.add(quoted(set, key));
      }
      String value = to.get(key);
      if (value != null) {
        added.add(value.isEmpty() ? quoted(set, key) : key + " : " + value);
      }
    }
    command(commands, "delete", set, gone);
    command(commands, "add", set, added);
  }

  private static String quoted(String set, String key) {
    return set.equals("outside") ? '"' + key + '"' : key;
  }

  private static void command(
      StringBuilder commands, String verb, String set, List<String> elements) {
    if (!elements.isEmpty()) {
      commands
          .append(verb)
          .append(" element ip ")
          .append(Ruleset.TABLE)
          .append(' ')
          .append(set)
          .append(" { ")
          .append(String.join(", ", elements))
          .append(" }\n");
    }
  }
}
