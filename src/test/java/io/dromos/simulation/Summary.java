package io.dromos.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Adds up what the seeds went through, for {@code target/simulation.txt}. */
final class Summary {
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<Users.Wish, Integer> wishes = new EnumMap<>(Users.Wish.class);
  private final long began = System.nanoTime();
  private long seeds;
  private long steps;
  private long checks;
  private long millis;

  synchronized void add(Simulation.Outcome outcome) {
    seeds++;
    steps += outcome.steps();
    checks += outcome.checks();
    millis += outcome.millis();
    outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    outcome.wishes().forEach((wish, count) -> wishes.merge(wish, count, Integer::sum));
  }

  synchronized void write() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%,d seeds in %.1f s: %,d steps, %,d commits checked, %,.1f hours of simulated time%n",
            seeds, (System.nanoTime() - began) / 1e9, steps, checks, millis / 3_600_000.0));
    for (Fault fault : Fault.values()) {
      text.append(String.format("%,12d  %s%n", faults.getOrDefault(fault, 0), fault.words()));
    }
    for (Users.Wish wish : Users.Wish.values()) {
      text.append(String.format("%,12d  users: %s%n", wishes.getOrDefault(wish, 0), wish));
    }
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/simulation.txt"), text.toString());
    System.out.print(text);
  }
}
