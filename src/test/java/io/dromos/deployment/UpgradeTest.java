package io.dromos.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.app.UpgradeStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of the marathon-api reference, 5.3, row by row. */
class UpgradeTest {
  @ParameterizedTest(name = "{0} wanted of {3}, min {1}, over {2}: kill {4}, start {5}")
  @CsvSource({
    "4, 1, 1, 4, 0, 4",
    "4, 1, 0, 4, 0, 1",
    "4, 0.5, 0, 4, 2, 0",
    "4, 0, 0, 4, 4, 0",
    "3, 0.7, 0.3, 3, 0, 1",
    "1, 1, 1, 1, 0, 1",
    "1, 0, 0, 1, 1, 0",
    "1, 0.5, 0, 1, 0, 1",
    "10, 0.6, 0.2, 10, 4, 2",
    "3, 1, 1, 5, 2, 1",
    "10, 1, 0.1, 10, 0, 1",
  })
  void theFirstMove(int target, double min, double over, int healthy, int kill, int start) {
    assertEquals(
        new Upgrade(kill, start),
        Upgrade.of(
            new Upgrade.Counts(target, healthy, healthy, 0, 0, 0), new UpgradeStrategy(min, over)));
  }

  @Test
  void roomAppearsOnlyWhenAKilledTaskHasEnded() {
    UpgradeStrategy half = new UpgradeStrategy(0.5, 0);
    assertEquals(new Upgrade(0, 0), Upgrade.of(new Upgrade.Counts(4, 2, 2, 0, 0, 2), half));
    assertEquals(new Upgrade(0, 1), Upgrade.of(new Upgrade.Counts(4, 2, 2, 0, 0, 1), half));
    assertEquals(new Upgrade(0, 2), Upgrade.of(new Upgrade.Counts(4, 2, 2, 0, 0, 0), half));
  }

  @Test
  void everyArrivalLetsOneOldTaskGo() {
    UpgradeStrategy strict = new UpgradeStrategy(1, 1);
    assertEquals(new Upgrade(0, 0), Upgrade.of(new Upgrade.Counts(4, 4, 4, 4, 0, 0), strict));
    assertEquals(new Upgrade(1, 0), Upgrade.of(new Upgrade.Counts(4, 4, 4, 4, 1, 0), strict));
    assertEquals(new Upgrade(4, 0), Upgrade.of(new Upgrade.Counts(4, 4, 4, 4, 4, 0), strict));
  }

  @Test
  void aSickOldTaskMakesWayForAnArrivalToo() {
    assertEquals(
        new Upgrade(1, 0),
        Upgrade.of(new Upgrade.Counts(1, 1, 0, 1, 1, 0), UpgradeStrategy.DEFAULT));
  }

  @Test
  void sickOldTasksThatHoldAllTheRoomGoFirst() {
    assertEquals(
        new Upgrade(1, 0),
        Upgrade.of(new Upgrade.Counts(3, 3, 2, 0, 0, 0), new UpgradeStrategy(1, 0)));
  }
}
