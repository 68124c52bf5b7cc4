package io.dromos.platform;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How long the turns of a node's loops take, by the name of the loop. */
public final class TurnTimes {
  /** Turns that percentiles are told of: the newest. */
  private static final int KEPT = 256;

  private static final double NANOS = 1e9;

  /**
   * The turns of one loop since the start; times in seconds.
   *
   * @param count turns
   * @param sum of all of them
   * @param max the longest of all
   * @param p50 half of the newest turns took at most this
   * @param p99 as {@code p50}, for 99 of 100
   */
  public record Summary(long count, double sum, double max, double p50, double p99) {}

  private static final class Turns {
    private final long[] newest = new long[KEPT];
    private long count;
    private long sum;
    private long max;

    synchronized void add(long nanos) {
      newest[(int) (count % KEPT)] = nanos;
      count++;
      sum += nanos;
      max = Math.max(max, nanos);
    }

    synchronized Summary summary() {
      long[] sorted = Arrays.copyOf(newest, (int) Math.min(count, KEPT));
      Arrays.sort(sorted);
      return new Summary(
          count, sum / NANOS, max / NANOS, percentile(sorted, 50), percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
      return sorted.length == 0
          ? 0
          : sorted[(int) ((sorted.length - 1) * (long) percent / 100)] / NANOS;
    }
  }

  private final Map<String, Turns> loops = new ConcurrentHashMap<>();

  /** A turn of {@code loop} has ended. */
  void add(String loop, long nanos) {
    loops.computeIfAbsent(loop, name -> new Turns()).add(nanos);
  }

  /** All loops that had a turn. */
  public Map<String, Summary> summaries() {
    Map<String, Summary> summaries = new TreeMap<>();
    loops.forEach((name, turns) -> summaries.put(name, turns.summary()));
    return summaries;
  }
}
