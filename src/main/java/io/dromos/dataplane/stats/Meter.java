package io.dromos.dataplane.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counters of one frontend, route or server since it came to be.
 *
 * <p>Each event loop writes cells of its own, so that counting is an addition to a number nobody
 * else writes: no lock, no atomic instruction. {@link #ANY_THREAD} is for threads that are no loop,
 * and costs one. Readers sum over the writers and may see each a moment late.
 */
public final class Meter implements Counts {
  /** Writer of threads that are not one of the plane's event loops. */
  public static final int ANY_THREAD = 0;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final int COUNTS = Count.values().length;

  private final long[][] rows;
  private final int width;
  private volatile long peak;

  private Meter(int loops, int width) {
    this.rows = new long[loops + 1][];
    this.width = width;
  }

  /** For writers 1 to {@code loops} beside {@link #ANY_THREAD}. */
  public static Meter of(int loops) {
    return new Meter(loops, COUNTS);
  }

  /**
   * The same, which also knows how the times of {@link #time} are distributed, and counts {@code
   * outcomes} kinds of endings.
   */
  public static Meter detailed(int loops, int outcomes) {
    return new Meter(loops, COUNTS + Spread.BUCKETS + outcomes);
  }

  /** Only the loop with this number, or anyone as {@link #ANY_THREAD}, may call it so. */
  public void add(int writer, Count what, long amount) {
    addAt(writer, what.index(), amount);
  }

  public void increment(int writer, Count what) {
    addAt(writer, what.index(), 1);
  }

  /** Counts one request that took so long, from its head to the end of its answer. */
  public void time(int writer, long micros) {
    addAt(writer, Count.TOTAL_TIME.index(), micros);
    if (width > COUNTS) {
      addAt(writer, COUNTS + Spread.bucketOf(micros), 1);
    }
  }

  /** Counts an ending of this kind; the meter must be a detailed one. */
  public void outcome(int writer, int kind) {
    addAt(writer, COUNTS + Spread.BUCKETS + kind, 1);
  }

  /** Endings of this kind. */
  public long outcomes(int kind) {
    return sum(COUNTS + Spread.BUCKETS + kind);
  }

  private void addAt(int writer, int index, long amount) {
    long[] cells = rows[writer];
    if (cells == null) {
      cells = row(writer);
    }
    if (writer == ANY_THREAD) {
      CELL.getAndAdd(cells, index, amount);
    } else {
      CELL.setOpaque(cells, index, cells[index] + amount);
    }
  }

  /** Most meters are written by few loops: cells are made when they are needed. */
  private long[] row(int writer) {
    long[] fresh = new long[width];
    long[] before = (long[]) ROW.compareAndExchange(rows, writer, (long[]) null, fresh);
    return before == null ? fresh : before;
  }

  @Override
  public long get(Count what) {
    return sum(what.index());
  }

  private long sum(int index) {
    long sum = 0;
    for (int i = 0; i < rows.length; i++) {
      long @Nullable [] cells = (long[]) ROW.getAcquire(rows, i);
      if (cells != null) {
        sum += (long) CELL.getOpaque(cells, index);
      }
    }
    return sum;
  }

  /** Distribution of what {@link #time} was told; all zero unless the meter is a detailed one. */
  public Spread spread() {
    List<Long> buckets = new ArrayList<>();
    for (int i = 0; i < Spread.BUCKETS; i++) {
      buckets.add(width > COUNTS ? sum(COUNTS + i) : 0L);
    }
    return new Spread(buckets, get(Count.TOTAL_TIME));
  }

  /** Says that this many sessions were open at once; a maximum between two seconds counts too. */
  public void sawOpen(long open) {
    if (open > peak) {
      peak = open;
    }
  }

  /** Most sessions that were open at once, as far as {@link #sawOpen} was told. */
  @Override
  public long peak() {
    return peak;
  }
}
