package io.dromos.dataplane.l4;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the VIP plane since it started. */
public final class L4Stats {
  final LongAdder accepted = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder connectFailures = new LongAdder();
  final LongAdder closed = new LongAdder();

  L4Stats() {}

  /** Client connections and UDP flows accepted. */
  public long accepted() {
    return accepted.sum();
  }

  /** Of these, reset because no backend could be reached. */
  public long refused() {
    return refused.sum();
  }

  /** Connects to a backend that failed, the retried ones included. */
  public long connectFailures() {
    return connectFailures.sum();
  }

  /** Client connections and UDP flows open now. */
  public long open() {
    return accepted.sum() - closed.sum();
  }
}
