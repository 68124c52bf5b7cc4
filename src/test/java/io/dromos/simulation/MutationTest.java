package io.dromos.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test that cannot fail proves nothing: each mistake is noticed within a few seeds. */
class MutationTest {
  private static final int SEEDS = 2_000;

  private final Quiet quiet = new Quiet();

  @AfterEach
  void speakAgain() {
    quiet.close();
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aMistakeIsNoticed(Mutation mutation) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Simulation(seed, false, mutation).run();
      } catch (BrokenInvariant e) {
        assertTrue(
            Pattern.compile(mutation.words()).matcher(e.getMessage()).find(), e.getMessage());
        return;
      }
    }
    fail(mutation + " went unnoticed for " + SEEDS + " seeds");
  }
}
