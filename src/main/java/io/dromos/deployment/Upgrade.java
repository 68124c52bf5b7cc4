package io.dromos.deployment;

import io.dromos.app.UpgradeStrategy;

/**
 * How many tasks of an app may be stopped and started right now while it is replaced (Marathon
 * 1.11: {@code TaskReplaceActor}; marathon-api reference, 5.3). A function of the present counts
 * alone, so it can be asked every turn.
 *
 * @param killOld old tasks to stop now, those that serve least first
 * @param start new tasks to start now
 */
public record Upgrade(int killOld, int start) {
  /**
   * @param target wanted instances, at least 1
   * @param oldTasks tasks of an older configuration that are wanted running
   * @param oldHealthy those of them that run and are healthy
   * @param newTasks tasks of the target configuration that are wanted running
   * @param newArrived those of them that are healthy, ready and served
   * @param stopping tasks of any version that are being stopped and still there
   */
  public record Counts(
      int target, int oldTasks, int oldHealthy, int newTasks, int newArrived, int stopping) {}

  public static Upgrade of(Counts counts, UpgradeStrategy strategy) {
    int n = counts.target();
    int minHealthy = minHealthy(n, strategy);
    int maximum = maximum(n, strategy);
    int healthy = counts.oldHealthy() + counts.newArrived();
    if (minHealthy == maximum && maximum <= healthy) {
      // Neither may anything be stopped nor started: borrow room for one.
      maximum++;
    }
    int total = counts.oldTasks() + counts.newTasks() + counts.stopping();
    int start = Math.max(0, Math.min(n - counts.newTasks(), maximum - total));

    int surplus = Math.max(0, healthy - minHealthy);
    int makeWay = counts.oldTasks() - Math.max(0, n - counts.newArrived());
    int kill = Math.min(counts.oldTasks(), Math.max(surplus, makeWay));
    int waiting = counts.newTasks() - counts.newArrived();
    if (kill <= 0 && start == 0 && waiting == 0 && counts.stopping() == 0) {
      // Marathon stalls here for ever: old tasks that serve nobody hold the room. Let them go
      // first.
      kill = counts.oldTasks() - counts.oldHealthy();
    }
    return new Upgrade(Math.max(0, kill), start);
  }

  /** Healthy tasks that an upgrade must leave. */
  public static int minHealthy(int target, UpgradeStrategy strategy) {
    return (int) Math.ceil(rounded(target * strategy.minimumHealthCapacity()));
  }

  /** Tasks that there may be at a time. */
  public static int maximum(int target, UpgradeStrategy strategy) {
    return (int) Math.floor(rounded(target * (1 + strategy.maximumOverCapacity())));
  }

  /** Without the dust of binary fractions: 10 * 1.1 is 11, not 11.000000000000002. */
  private static double rounded(double value) {
    return Math.round(value * 1e9) / 1e9;
  }
}
