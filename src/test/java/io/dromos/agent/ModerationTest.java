package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ModerationTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Moderation moderation = new Moderation();
  private long now = 1_000 * MILLI;

  private void work(long millis) {
    long began = now;
    now += millis * MILLI;
    moderation.spent(began, now);
  }

  @Test
  void afterAQuietTimeSeveralPiecesOfWorkFollowEachOtherAtOnce() {
    for (int i = 0; i < 6; i++) {
      assertEquals(0, moderation.pause(now));
      work(50);
    }
  }

  @Test
  void aStormIsHeldToAThird() {
    long busy = 0;
    long began = now;
    while (now - began < 60_000 * MILLI) {
      now += moderation.pause(now);
      work(100);
      busy += 100 * MILLI;
    }
    double share = (double) busy / (now - began);
    assertTrue(share > 0.32 && share < 0.36, "took " + share);
  }

  @Test
  void aVeryLongPieceOfWorkIsNotPaidForMinutes() {
    work(60_000);
    assertEquals(1_000 * MILLI, moderation.pause(now));
  }

  @Test
  void whatWasSpentLongAgoIsForgotten() {
    work(5_000);
    now += 15_000 * MILLI;
    assertEquals(0, moderation.pause(now));
  }
}
