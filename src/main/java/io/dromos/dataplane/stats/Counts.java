package io.dromos.dataplane.stats;

import java.util.List;

/** Numbers that can be read: a {@link Meter}, or several of them together. */
public interface Counts {
  long get(Count what);

  /** Most sessions that were open at once, where that was noticed as it happened; else 0. */
  long peak();

  /** Sessions that are going on. */
  default long open() {
    // In this order: a session that ends in between is missed, never counted as minus one.
    long ended = get(Count.ENDED);
    return Math.max(0, get(Count.SESSIONS) - ended);
  }

  /** All of them together. */
  static Counts sum(List<? extends Counts> parts) {
    List<Counts> all = List.copyOf(parts);
    return new Counts() {
      @Override
      public long get(Count what) {
        return all.stream().mapToLong(part -> part.get(what)).sum();
      }

      @Override
      public long peak() {
        return all.stream().mapToLong(Counts::peak).max().orElse(0);
      }
    };
  }
}
