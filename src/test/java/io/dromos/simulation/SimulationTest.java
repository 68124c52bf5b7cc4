package io.dromos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final int SEEDS = Integer.getInteger("dromos.simulation.seeds", 1_000);
  private static final long FIRST = Long.getLong("dromos.simulation.first", 0);
  private static final int MOST_FAILURES = 10;
  private static final long ONE = Long.getLong("dromos.simulation.seed", -1);

  private record Failure(long seed, Throwable cause) {}

  @Test
  void everySeedKeepsThePromises() throws Exception {
    if (ONE >= 0) {
      play(ONE);
      return;
    }
    AtomicLong next = new AtomicLong(FIRST);
    Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    Summary summary = new Summary();
    Runnable work =
        () -> {
          for (long seed = next.getAndIncrement();
              seed < FIRST + SEEDS && failures.size() < MOST_FAILURES;
              seed = next.getAndIncrement()) {
            try {
              summary.add(new Simulation(seed, false).run());
            } catch (RuntimeException | Error e) {
              failures.add(new Failure(seed, e));
            }
          }
        };
    Thread other = new Thread(work);
    other.start();
    work.run();
    other.join();
    summary.write();
    failures.forEach(
        failure -> System.out.println("seed " + failure.seed() + ": " + failure.cause()));
    Failure found = failures.peek();
    if (found != null) {
      play(found.seed());
      throw new AssertionError("seed " + found.seed() + " fails only sometimes", found.cause());
    }
  }

  /** The same again with a trace for people. */
  private static void play(long seed) {
    Simulation simulation = new Simulation(seed, true);
    try {
      simulation.run();
    } catch (RuntimeException | Error e) {
      List<String> trace = simulation.trace();
      String text =
          "seed "
              + seed
              + ": "
              + e
              + "\n"
              + String.join("\n", trace)
              + "\nAgain: mvn -o test -Dtest=SimulationTest -Ddromos.simulation.seed="
              + seed;
      fail(text, e);
    }
  }

  @Test
  void aSeedIsAWholeHistory() {
    for (long seed = 0; seed < 20; seed++) {
      assertEquals(
          new Simulation(seed, false).run().hash(),
          new Simulation(seed, true).run().hash(),
          "seed " + seed);
    }
  }
}
