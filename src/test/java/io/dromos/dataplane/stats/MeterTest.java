package io.dromos.dataplane.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
  @Test
  void sumsOverLoopsAndOtherThreadsWithoutLosingAny() throws InterruptedException {
    Meter meter = Meter.of(2);
    List<Thread> threads = new ArrayList<>();
    for (int writer : new int[] {1, 2, Meter.ANY_THREAD, Meter.ANY_THREAD}) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 50_000; i++) {
                  meter.increment(writer, Count.SESSIONS);
                  meter.add(writer, Count.BYTES_IN, 3);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(200_000, meter.get(Count.SESSIONS));
    assertEquals(600_000, meter.get(Count.BYTES_IN));
    assertEquals(0, meter.get(Count.BYTES_OUT));
  }

  @Test
  void openSessionsAreThoseThatHaveNotEnded() {
    Meter meter = Meter.of(1);
    meter.add(1, Count.SESSIONS, 5);
    meter.add(Meter.ANY_THREAD, Count.ENDED, 2);
    assertEquals(3, meter.open());
    Watch watch = new Watch(meter);
    assertEquals(3, watch.peak());
    watch.look(0);
    meter.add(1, Count.ENDED, 3);
    assertEquals(0, meter.open());
    assertEquals(3, watch.peak());
    meter.sawOpen(17);
    assertEquals(17, watch.peak());
  }

  @Test
  void ratesAreThoseOfTheLastSecond() {
    Meter meter = Meter.of(1);
    Watch watch = new Watch(meter);
    assertEquals(-1, watch.idleSeconds(0));
    meter.add(1, Count.SESSIONS, 4);
    meter.add(1, Count.REQUESTS, 40);
    watch.look(1_000);
    assertEquals(4, watch.pace().sessionRate());
    assertEquals(40, watch.pace().requestRate());
    meter.add(1, Count.SESSIONS, 1);
    watch.look(2_000);
    assertEquals(1, watch.pace().sessionRate());
    assertEquals(0, watch.pace().requestRate());
    watch.look(3_000);
    assertEquals(0, watch.pace().sessionRate());
    assertEquals(4, watch.pace().sessionRateMax());
    assertEquals(40, watch.pace().requestRateMax());
    assertEquals(3, watch.idleSeconds(5_000));
  }

  @Test
  void averagesFollowTheLastThousandRequests() {
    Meter meter = Meter.of(1);
    Watch watch = new Watch(meter);
    meter.add(1, Count.REQUESTS, 1024);
    meter.add(1, Count.RESPONSE_TIME, 1024 * 2_000);
    watch.look(1_000);
    assertEquals(2.0, watch.pace().responseMillis(), 0.001);
    meter.add(1, Count.REQUESTS, 512);
    meter.add(1, Count.RESPONSE_TIME, 512 * 4_000);
    watch.look(2_000);
    assertEquals(3.0, watch.pace().responseMillis(), 0.001);
    assertEquals(3.0, watch.pace().responseMillisMax(), 0.001);
  }

  @Test
  void timesAreSpreadOverBucketsAndOutcomesByKind() {
    Meter meter = Meter.detailed(1, 3);
    meter.time(1, 900);
    meter.time(1, 1_000);
    meter.time(1, 1_001);
    meter.time(Meter.ANY_THREAD, 60_000_000);
    meter.outcome(1, 0);
    meter.outcome(1, 2);
    meter.outcome(1, 2);
    Spread spread = meter.spread();
    assertEquals(4, spread.count());
    assertEquals(60_002_901, spread.totalMicros());
    List<Long> expected = new ArrayList<>(Collections.nCopies(Spread.BUCKETS, 0L));
    expected.set(0, 2L);
    expected.set(1, 1L);
    expected.set(Spread.BUCKETS - 1, 1L);
    assertEquals(expected, spread.buckets());
    assertEquals(1, meter.outcomes(0));
    assertEquals(0, meter.outcomes(1));
    assertEquals(2, meter.outcomes(2));
  }
}
