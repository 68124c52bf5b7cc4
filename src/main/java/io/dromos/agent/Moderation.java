package io.dromos.agent;

import java.util.concurrent.TimeUnit;

/**
 * Keeps work that comes in storms to a third of a processor, and lets single pieces of it through
 * at once: time spent is owed, a third of the time that passes is paid back, and only who owes more
 * than {@link #BURST} waits. Times are nanoseconds of {@link System#nanoTime}. For one thread.
 */
final class Moderation {
  /** What may be spent in one go: several snapshots of a thousand apps. */
  static final long BURST = TimeUnit.MILLISECONDS.toNanos(300);

  private static final long SHARE = 3;
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  private long owed;
  private long reckonedAt;

  /**
   * Notes that work was done.
   *
   * @param began when it began
   * @param now when it was over
   */
  void spent(long began, long now) {
    payBack(now);
    owed += now - began;
  }

  /** How long to wait before the next piece of work. */
  long pause(long now) {
    payBack(now);
    return Math.min(LONGEST, Math.max(0, owed - BURST) * SHARE);
  }

  private void payBack(long now) {
    if (reckonedAt != 0) {
      owed = Math.max(0, owed - (now - reckonedAt) / SHARE);
    }
    reckonedAt = now;
  }
}
