package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** VIP indices. */
public interface VipStoreContract {
  Stores stores();

  private Map<String, Integer> retain(Instant now, String... names) {
    stores()
        .transactions()
        .run(
            () -> {
              stores().apps().lockRoot();
              stores().vips().retain(Set.of(names), now);
            });
    return stores().vips().indices();
  }

  @Test
  default void aNameStartsAtTheTopBitsOfItsDigest() {
    int index = retain(Samples.T0, "sise.marathon").get("sise.marathon");
    assertEquals(VipStoreContract.topBits("sise.marathon"), index);
    assertEquals(index, retain(Samples.T0, "sise.marathon", "b.marathon").get("sise.marathon"));
  }

  private static int topBits(String name) {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return java.nio.ByteBuffer.wrap(digest).getInt() >>> 9;
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  default void aReleasedIndexWaitsADayForItsName() {
    int index = retain(Samples.T0, "a").get("a");
    assertEquals(Map.of("a", index), retain(Samples.T0));
    Instant soon = Samples.T0.plus(Duration.ofHours(23));
    assertEquals(Map.of("a", index), retain(soon, "a"));
    retain(soon);
    assertFalse(retain(soon.plus(Duration.ofHours(25))).containsKey("a"));
  }

  @Test
  default void namesNeverShareAnIndex() {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      names.add("app" + i + ".marathon");
    }
    Map<String, Integer> indices = retain(Samples.T0, names.toArray(String[]::new));
    assertEquals(names, indices.keySet());
    assertEquals(2_000, new HashSet<>(indices.values()).size());
    assertTrue(indices.values().stream().allMatch(i -> i >= 256 && i < (1 << 23) - 256));
  }
}
