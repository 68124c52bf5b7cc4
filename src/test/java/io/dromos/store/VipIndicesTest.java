package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VipIndicesTest {
  private static final VipIndices NONE = new VipIndices(Map.of());

  @Test
  void theFirstChoiceIsTheTopOfTheDigest() {
    // sha256("abc") = ba7816bf…
    assertEquals(0xba7816 >> 1, VipIndices.firstChoice("abc"));
  }

  @Test
  void aTakenIndexMovesTheNextNameOn() {
    int choice = VipIndices.firstChoice("abc");
    VipIndices taken = new VipIndices(Map.of("other", new VipIndices.Slot(choice, null)));
    assertEquals(choice + 1, taken.retain(Set.of("abc", "other"), Samples.T0).indices().get("abc"));
  }

  @Test
  void anIndexInQuarantineIsNotGivenAway() {
    int choice = VipIndices.firstChoice("abc");
    VipIndices held = new VipIndices(Map.of("old", new VipIndices.Slot(choice, Samples.T0)));
    Duration almost = VipIndices.QUARANTINE.minusSeconds(1);
    assertNotEquals(
        choice, held.retain(Set.of("abc"), Samples.T0.plus(almost)).indices().get("abc"));
    assertEquals(
        choice,
        held.retain(Set.of("abc"), Samples.T0.plus(VipIndices.QUARANTINE)).indices().get("abc"));
  }

  @Test
  void theMarginsStayFree() {
    VipIndices atTheEnd =
        new VipIndices(Map.of("last", new VipIndices.Slot((1 << 23) - 257, null)));
    assertEquals(
        Set.of("last", "a", "b"),
        atTheEnd.retain(Set.of("last", "a", "b"), Samples.T0).indices().keySet());
    assertEquals(Map.of(), NONE.retain(Set.of(), Samples.T0).indices());
  }
}
