package io.dromos.dataplane.stats;

/** Looks at some {@link Counts} once a second. One thread looks, any may read. */
final class Watch {
  private final Counts counts;
  private volatile Pace pace = Pace.NONE;
  private volatile long peak;
  private volatile long lastBegunMillis = -1;

  Watch(Counts counts) {
    this.counts = counts;
  }

  void look(long nowMillis) {
    peak = peak();
    Pace before = pace;
    Pace next = before.next(counts);
    if (next.sessions() != before.sessions()) {
      lastBegunMillis = nowMillis;
    }
    pace = next;
  }

  Pace pace() {
    return pace;
  }

  /** Most sessions seen open at once. */
  long peak() {
    return Math.max(peak, Math.max(counts.peak(), counts.open()));
  }

  /** Seconds since the last session began, to the second; -1 when there was none. */
  long idleSeconds(long nowMillis) {
    long last = lastBegunMillis;
    return last < 0 ? -1 : Math.max(0, (nowMillis - last) / 1000);
  }
}
