package io.dromos.deployment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Immutable values by key; {@link #with} makes the next state. */
final class Keyed<K extends Comparable<K>, V> {
  private final Map<K, V> values;

  /** The keys in order; shared with the next state when that has the same keys. */
  private volatile @Nullable List<K> order;

  private volatile @Nullable List<V> list;

  private Keyed(Map<K, V> values, @Nullable List<K> order) {
    this.values = values;
    this.order = order;
  }

  static <K extends Comparable<K>, V> Keyed<K, V> of(Collection<V> values, Function<V, K> key) {
    Map<K, V> map = new HashMap<>();
    values.forEach(value -> map.put(key.apply(value), value));
    return new Keyed<>(map, null);
  }

  /** These values with {@code changes} in place of those of the same key; an empty one is gone. */
  Keyed<K, V> with(Map<K, Optional<V>> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    Map<K, V> next = new HashMap<>(values);
    changes.forEach(
        (key, change) -> {
          if (change.isPresent()) {
            next.put(key, change.get());
          } else {
            next.remove(key);
          }
        });
    boolean sameKeys =
        next.size() == values.size() && values.keySet().containsAll(changes.keySet());
    return new Keyed<>(next, sameKeys ? order : null);
  }

  private List<K> order() {
    List<K> known = order;
    if (known == null) {
      List<K> keys = new ArrayList<>(values.keySet());
      Collections.sort(keys);
      known = List.copyOf(keys);
      order = known;
    }
    return known;
  }

  Optional<V> get(K key) {
    return Optional.ofNullable(values.get(key));
  }

  /** In key order; made when first asked for. */
  List<V> list() {
    List<V> known = list;
    if (known == null) {
      List<K> keys = order();
      List<V> sorted = new ArrayList<>(keys.size());
      for (K key : keys) {
        V value = values.get(key);
        if (value != null) {
          sorted.add(value);
        }
      }
      known = List.copyOf(sorted);
      list = known;
    }
    return known;
  }
}
