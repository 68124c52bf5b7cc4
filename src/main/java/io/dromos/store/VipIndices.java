package io.dromos.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which name has which VIP index: the arithmetic behind {@link VipStore}, shared by its
 * implementations. A name's first choice is the top 23 bits of its SHA-256, so that a lost store
 * comes back nearly the same; a taken index moves it to the next free one.
 */
public record VipIndices(Map<String, Slot> slots) {
  /** A released index stays with its name this long: clients cache addresses. */
  public static final Duration QUARANTINE = Duration.ofHours(24);

  private static final int SIZE = 1 << 23;

  /** Indices at either end that would look like network and broadcast addresses. */
  private static final int MARGIN = 256;

  /**
   * An index given to a name.
   *
   * @param releasedAt since when nobody uses the name, or null
   */
  public record Slot(int index, @Nullable Instant releasedAt) {}

  public VipIndices {
    slots = Map.copyOf(slots);
  }

  /** Gives every one of {@code names} an index and releases all others. */
  public VipIndices retain(Set<String> names, Instant now) {
    Map<String, Slot> next = new TreeMap<>();
    slots.forEach(
        (name, slot) -> {
          if (names.contains(name)) {
            next.put(name, new Slot(slot.index(), null));
          } else if (slot.releasedAt() == null) {
            next.put(name, new Slot(slot.index(), now));
          } else if (slot.releasedAt().plus(QUARANTINE).isAfter(now)) {
            next.put(name, slot);
          }
        });
    Set<Integer> taken = new HashSet<>();
    next.values().forEach(slot -> taken.add(slot.index()));
    for (String name : new TreeSet<>(names)) {
      if (!next.containsKey(name)) {
        if (taken.size() >= SIZE - 2 * MARGIN) {
          evictOldest(next, taken);
        }
        int index = firstFree(firstChoice(name), taken);
        taken.add(index);
        next.put(name, new Slot(index, null));
      }
    }
    return new VipIndices(next);
  }

  /** Name to index, quarantined ones included. */
  public Map<String, Integer> indices() {
    Map<String, Integer> indices = new TreeMap<>();
    slots.forEach((name, slot) -> indices.put(name, slot.index()));
    return indices;
  }

  /** The index that {@code name} gets when it is free. */
  static int firstChoice(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return ((digest[0] & 0xFF) << 15) | ((digest[1] & 0xFF) << 7) | ((digest[2] & 0xFF) >>> 1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int firstFree(int choice, Set<Integer> taken) {
    int index = choice;
    while (index < MARGIN || index >= SIZE - MARGIN || taken.contains(index)) {
      index = (index + 1) % SIZE;
    }
    return index;
  }

  /** Eight million names are in use or were today: the one unused longest has to give way. */
  private static void evictOldest(Map<String, Slot> slots, Set<Integer> taken) {
    Optional<String> oldest =
        slots.entrySet().stream()
            .filter(entry -> entry.getValue().releasedAt() != null)
            .min(Comparator.comparing(entry -> releasedAt(entry.getValue())))
            .map(Map.Entry::getKey);
    String name = oldest.orElseThrow(() -> new IllegalStateException("no VIP index is free"));
    Slot slot = slots.remove(name);
    if (slot != null) {
      taken.remove(slot.index());
    }
  }

  private static Instant releasedAt(Slot slot) {
    return slot.releasedAt() == null ? Instant.MAX : slot.releasedAt();
  }
}
