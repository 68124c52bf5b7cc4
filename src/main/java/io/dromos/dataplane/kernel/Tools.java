package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.util.List;

/** The programs that speak to the kernel. */
interface Tools {
  /**
   * Runs a program to its end and returns what it printed, errors included.
   *
   * @param command name of the program and its arguments
   * @param input what it reads
   * @throws FailedException when it ended with an error
   * @throws IOException when it could not be run, or did not end in time
   */
  String run(List<String> command, String input) throws IOException;

  default String run(String... command) throws IOException {
    return run(List.of(command), "");
  }

  /** Whether the program is installed. */
  boolean has(String program);

  /** A program said no. The message is what it printed. */
  final class FailedException extends IOException {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }
}
