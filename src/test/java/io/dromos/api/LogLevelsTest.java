package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.it.e2e.Await;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
  private final LogLevels levels = new LogLevels();

  @Test
  void aLevelThatIsSetShowsAndReachesTheLoggersBelow() {
    levels.set("dromos.test.set", "debug", null);
    Logger below = Logger.getLogger("dromos.test.set.below");
    assertTrue(below.isLoggable(Level.FINE));
    assertFalse(below.isLoggable(Level.FINER));
    assertEquals("DEBUG", levels.all().get("dromos.test.set"));
    assertEquals("DEBUG (inherited)", levels.all().get("dromos.test.set.below"));
  }

  @Test
  void everyWordReadsBackAsItself() {
    for (String word : LogLevels.WORDS) {
      levels.set("dromos.test.word", word, null);
      assertEquals(word, levels.all().get("dromos.test.word"));
    }
  }

  @Test
  void aLevelForAWhileGoesBackToTheOneBefore() {
    levels.set("dromos.test.while", "warn", null);
    levels.set("dromos.test.while", "trace", 1L);
    assertEquals("TRACE", levels.all().get("dromos.test.while"));
    Await.until(
        "the level of before",
        Duration.ofSeconds(10),
        () -> "WARN".equals(levels.all().get("dromos.test.while")));
  }

  @Test
  void theRootIsNamed() {
    assertTrue(levels.all().containsKey("ROOT"));
  }
}
