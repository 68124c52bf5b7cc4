package io.dromos.dataplane.kernel;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * All that a dispatch has to know.
 *
 * @param active endpoints that get new connections; a service without any is not listed
 * @param pinned addresses outside of the pool that are to lead to this node
 */
record Services(Map<Service, Set<Endpoint>> active, Set<String> pinned) {
  static final Services NONE = new Services(Map.of(), Set.of());

  Services {
    Map<Service, Set<Endpoint>> copy = new LinkedHashMap<>();
    active.forEach((service, endpoints) -> copy.put(service, Set.copyOf(endpoints)));
    active = Map.copyOf(copy);
    pinned = Set.copyOf(new LinkedHashSet<>(pinned));
  }
}
