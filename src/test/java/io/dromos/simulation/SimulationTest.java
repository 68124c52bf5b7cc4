package io.dromos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Many seeds of the simulation; how to run one, or many more, is in {@code contributing.md}.
 *
 * <ul>
 *   <li>{@code dromos.simulation.seeds}: how many, 10,000 unless it is said
 *   <li>{@code dromos.simulation.first}: the first of them, 0 unless it is said
 *   <li>{@code dromos.simulation.seed}: this one alone, with its whole trace in a file
 * </ul>
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("dromos.simulation.seeds", 10_000);
  private static final long FIRST = Long.getLong("dromos.simulation.first", 0);
  private static final int MOST_FAILURES = 10;
  private static final long ONE = Long.getLong("dromos.simulation.seed", -1);

  private static final Path TRACE = Path.of("target/simulation-trace.txt");

  private record Failure(long seed, Throwable cause) {}

  private final Quiet quiet = new Quiet();

  @AfterEach
  void speakAgain() {
    quiet.close();
  }

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
  private static void play(long seed) throws IOException {
    Simulation simulation = new Simulation(seed, true);
    try {
      simulation.run();
    } catch (RuntimeException | Error e) {
      List<String> trace = simulation.trace();
      Files.createDirectories(TRACE.getParent());
      Files.write(TRACE, trace);
      String text =
          String.format(
              "seed %d: %s%nIts last moments, all of it is in %s:%n%s%n"
                  + "Again: mvn -o test -Dtest=SimulationTest -Ddromos.simulation.seed=%d",
              seed,
              e,
              TRACE,
              String.join("\n", trace.subList(Math.max(0, trace.size() - 40), trace.size())),
              seed);
      fail(text, e);
    }
  }

  @Test
  void aSeedIsAWholeHistory() {
    assertEquals(hashes(false), hashes(true));
  }

  /** Nothing depends on what differs from one JVM to the next, such as the order of hash sets. */
  @Test
  void aSeedIsTheSameHistoryInAnotherProcess() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SimulationTest.class.getName());
    Process other = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var reader = other.inputReader(StandardCharsets.UTF_8)) {
      lines = reader.lines().toList();
    }
    assertEquals(0, other.waitFor());
    assertEquals(hashes(false), lines);
  }

  /** Prints what a few seeds come to, for another process. */
  public static void main(String[] arguments) {
    var unused = new Quiet();
    hashes(false).forEach(System.out::println);
  }

  private static List<String> hashes(boolean traced) {
    return LongStream.range(0, 20)
        .mapToObj(seed -> seed + " " + new Simulation(seed, traced).run().hash())
        .toList();
  }
}
