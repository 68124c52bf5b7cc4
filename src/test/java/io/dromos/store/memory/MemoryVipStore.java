package io.dromos.store.memory;

import io.dromos.store.VipStore;
import io.dromos.store.memory.MemoryDatabase.VipIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** VIP indices as in the service-discovery reference, 8.1. */
record MemoryVipStore(MemoryDatabase database) implements VipStore {
  private static final Duration QUARANTINE = Duration.ofHours(24);
  private static final int BITS = 23;
  private static final int EDGE = 256;

  @Override
  public Map<String, Integer> indices() {
    return database.read(
        t -> {
          Map<String, Integer> indices = new TreeMap<>();
          t.vips.forEach((name, vip) -> indices.put(name, vip.index()));
          return indices;
        });
  }

  @Override
  public void retain(Set<String> names, Instant now) {
    database.nextRevision();
    database.write(
        t -> {
          t.vips
              .entrySet()
              .removeIf(
                  e -> {
                    Instant released = e.getValue().releasedAt();
                    return released != null
                        && !names.contains(e.getKey())
                        && !released.plus(QUARANTINE).isAfter(now);
                  });
          t.vips.replaceAll(
              (name, vip) ->
                  names.contains(name)
                      ? new VipIndex(vip.index(), null)
                      : vip.releasedAt() == null ? new VipIndex(vip.index(), now) : vip);
          Set<Integer> used =
              t.vips.values().stream().map(VipIndex::index).collect(Collectors.toSet());
          for (String name : new TreeSet<>(names)) {
            if (!t.vips.containsKey(name)) {
              int index = free(name, used);
              used.add(index);
              t.vips.put(name, new VipIndex(index, null));
            }
          }
        });
  }

  private static int free(String name, Set<Integer> used) {
    int size = (1 << BITS) - 2 * EDGE;
    int start = Math.floorMod(hash(name) - EDGE, size);
    for (int step = 0; step < size; step++) {
      int index = EDGE + (start + step) % size;
      if (!used.contains(index)) {
        return index;
      }
    }
    throw new IllegalStateException("no VIP index left");
  }

  private static int hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getInt() >>> (32 - BITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
