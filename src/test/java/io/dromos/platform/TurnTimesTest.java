package io.dromos.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnTimesTest {
  @Test
  void turnsAreSummedUpByLoop() {
    TurnTimes times = new TurnTimes();
    for (int i = 1; i <= 1_000; i++) {
      times.add("control", i * 1_000_000L);
    }
    times.add("agent", 5_000_000L);
    TurnTimes.Summary control = times.summaries().get("control");
    assertEquals(1_000, control.count());
    assertEquals(500.5, control.sum(), 1e-6);
    assertEquals(1.0, control.max(), 1e-9);
    assertEquals(0.872, control.p50(), 1e-9, "of the newest 256");
    assertEquals(0.997, control.p99(), 1e-9);
    assertEquals(
        new TurnTimes.Summary(1, 0.005, 0.005, 0.005, 0.005), times.summaries().get("agent"));
  }

  @Test
  void aTurnThatThrowsIsTimedAndStillThrows() throws Exception {
    TurnTimes times = new TurnTimes();
    CountDownLatch turns = new CountDownLatch(2);
    try (Loops.Loop loop =
        new TimedLoops(
                new ThreadLoops(
                    work -> {
                      Thread thread = new Thread(work);
                      thread.setDaemon(true);
                      return thread;
                    }),
                times)
            .loop(
                "broken",
                () -> {
                  turns.countDown();
                  throw new IllegalStateException("on purpose");
                },
                1)) {
      loop.start().signal();
      assertTrue(turns.await(10, TimeUnit.SECONDS), "a failed turn is tried again");
    }
    assertTrue(times.summaries().get("broken").count() >= 2);
  }
}
