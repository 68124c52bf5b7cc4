package io.dromos.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Adds up what the seeds went through, for {@code target/simulation.txt}. */
final class Summary {
  private final long[] faults = new long[Fault.values().length];
  private final long[] wishes = new long[Users.Wish.values().length];
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
    Arrays.setAll(faults, i -> faults[i] + outcome.faults()[i]);
    Arrays.setAll(wishes, i -> wishes[i] + outcome.wishes()[i]);
  }

  synchronized void write() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%,d seeds in %.1f s: %,d steps, %,d commits checked, %,.1f hours of simulated time%n",
            seeds, (System.nanoTime() - began) / 1e9, steps, checks, millis / 3_600_000.0));
    for (Fault fault : Fault.values()) {
      text.append(String.format("%,12d  %s%n", faults[fault.ordinal()], fault.words()));
    }
    for (Users.Wish wish : Users.Wish.values()) {
      text.append(String.format("%,12d  users: %s%n", wishes[wish.ordinal()], wish));
    }
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/simulation.txt"), text.toString());
    System.out.print(text);
  }
}
