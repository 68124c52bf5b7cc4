package io.dromos.dataplane.kernel;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the kernel plane since it started. */
public final class KernelStats {
  final LongAdder changes = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder mended = new LongAdder();
  final LongAdder forgotten = new LongAdder();

  KernelStats() {}

  /** Transactions that changed the table. */
  public long changes() {
    return changes.sum();
  }

  /** Attempts that failed and left the table as it was. */
  public long failures() {
    return failures.sum();
  }

  /** Elements, tables and routes that somebody else had changed or removed. */
  public long mended() {
    return mended.sum();
  }

  /** Backends that left and whose flows the kernel was told to forget. */
  public long forgotten() {
    return forgotten.sum();
  }
}
