package io.dromos.cli;

import java.io.PrintStream;
import java.util.Locale;

/** How the lab looks: steps, the commands of each, their real answers. */
final class LabScreen {
  private final PrintStream out;
  private long stepBegan;

  LabScreen(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.println(text);
    out.println("=".repeat(text.length()));
  }

  void step(int number, String text) {
    out.println();
    out.println("Step " + number + ": " + text);
    stepBegan = System.nanoTime();
  }

  void command(String text) {
    out.println("  $ " + text);
  }

  /** What a command answered, line by line. */
  void answer(String text) {
    text.lines().forEach(line -> out.println("    " + line));
  }

  void say(String text) {
    out.println("  " + text);
  }

  void blank() {
    out.println();
  }

  /** Ends a step whose answers were all as they should be. */
  void passed() {
    out.printf(
        Locale.ROOT, "  ok, after %.1f s%n", (System.nanoTime() - stepBegan) / 1_000_000_000.0);
    out.flush();
  }
}
