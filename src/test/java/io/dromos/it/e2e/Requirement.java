package io.dromos.it.e2e;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Something a test needs and the machine may lack: skipped by name, a failure under strict mode.
 */
public final class Requirement {
  private Requirement() {}

  public static void need(boolean present, String what) {
    if (Boolean.getBoolean("dromos.test.strict")) {
      Assertions.assertTrue(present, "strict mode needs " + what);
    }
    Assumptions.assumeTrue(present, "skipped: needs " + what);
  }
}
