package io.dromos.launcher;

import io.dromos.cli.CommandLineMain;
import java.util.Arrays;
import java.util.List;

/** {@code java -jar dromos.jar}: {@code up} runs a node, everything else is the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    List<String> words = Arrays.asList(arguments);
    int status =
        !words.isEmpty() && words.get(0).equals("up")
            ? Up.run(words.subList(1, words.size()))
            : CommandLineMain.run(arguments);
    System.out.flush();
    System.err.flush();
    // Payara leaves threads behind when it could not start; halt would lose the output of hooks.
    System.exit(status);
  }
}
