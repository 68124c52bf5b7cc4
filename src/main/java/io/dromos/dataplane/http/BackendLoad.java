package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Meter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What this plane knows about one backend, kept over snapshots. Thread-safe; the fields need not
 * agree with each other to the nanosecond.
 */
final class BackendLoad {
  private final Meter meter;
  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile long lastPick = Long.MIN_VALUE;
  private volatile boolean ejected;
  private volatile boolean down;
  private volatile long ejectedUntilNanos;

  BackendLoad(Meter meter) {
    this.meter = meter;
  }

  /** What went to this backend. */
  Meter meter() {
    return meter;
  }

  /** Requests and relayed connections now on it. */
  int outstanding() {
    return outstanding.get();
  }

  /** Number of the pick it was last chosen in; smaller waited longer. */
  long lastPick() {
    return lastPick;
  }

  void picked(long pick) {
    lastPick = pick;
    meter.sawOpen(outstanding.incrementAndGet());
  }

  void released() {
    outstanding.decrementAndGet();
  }

  boolean ejected(long nowNanos) {
    return ejected && ejectedUntilNanos - nowNanos > 0;
  }

  /** Returns whether this is news. */
  boolean eject(long nowNanos, long forNanos) {
    boolean news = !ejected(nowNanos);
    ejectedUntilNanos = nowNanos + forNanos;
    ejected = true;
    return news;
  }

  /** The edge's own probe found it dead. */
  boolean down() {
    return down;
  }

  void probed(boolean alive) {
    down = !alive;
  }

  void readmit() {
    ejected = false;
  }
}
