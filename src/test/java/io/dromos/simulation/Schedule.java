package io.dromos.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Simulated time: everything that will happen is an entry of one queue, and happens on the calling
 * thread. All chance of a simulation comes from here, so a seed is a whole history.
 */
final class Schedule extends Clock {
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
  private static final int KEPT_LINES = 5_000;

  private record Entry(long at, long order, String name, Life owner, Runnable work)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private final SplittableRandom random;
  private final boolean traced;
  private final List<String> wishes = new ArrayList<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private long now;
  private long order;
  private long steps;
  private int depth;
  private long hash;
  private Instant instant = START;

  /**
   * @param traced whether lines for people are kept; the hash is always made
   */
  Schedule(long seed, boolean traced) {
    this.random = new SplittableRandom(seed);
    this.traced = traced;
  }

  // Time.

  @Override
  public Instant instant() {
    return instant;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  /** Milliseconds since the simulation began. */
  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  void after(Life owner, String name, long millis, Runnable work) {
    entries.add(new Entry(now + Math.max(0, millis), order++, name, owner, work));
  }

  /** The next thing happens; false when there is none. */
  boolean step() {
    Entry next = entries.poll();
    if (next == null) {
      return false;
    }
    if (!next.owner.isOver()) {
      advance(next.at);
      happen(next);
    }
    return true;
  }

  /** Lets up to {@code count} things of the next {@code millis} happen, inside another one. */
  void interleave(int count, long millis) {
    long end = now + millis;
    for (int happened = 0; happened < count; happened++) {
      Entry next = entries.peek();
      if (next == null || next.at > end) {
        return;
      }
      step();
    }
  }

  private void advance(long to) {
    if (to > now) {
      now = to;
      instant = START.plusMillis(now);
    }
  }

  private void happen(Entry entry) {
    steps++;
    mix(entry.name.hashCode());
    depth++;
    try {
      entry.work.run();
    } catch (Life.Crash crash) {
      note(crash.life().name(), "crashes");
      crash.life().end();
    } finally {
      depth--;
    }
  }

  /** True inside of something else that has begun and not ended. */
  boolean isInterleaved() {
    return depth > 1;
  }

  // Chance.

  /** 0 to {@code bound} - 1. */
  int dice(int bound) {
    return random.nextInt(bound);
  }

  long between(long from, long to) {
    return from >= to ? from : random.nextLong(from, to + 1);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  // The trace.

  boolean isTraced() {
    return traced;
  }

  void note(String who, String what) {
    mix(who.hashCode() * 31L + what.hashCode());
    if (traced) {
      String line = String.format("%8.3f %-12s %s", now / 1000.0, who, what);
      if (who.equals("user")) {
        wishes.add(line);
      }
      lines.add(line);
      if (lines.size() > KEPT_LINES) {
        lines.removeFirst();
      }
    }
  }

  void mix(long value) {
    hash = (hash ^ value ^ now) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
  }

  /** Of everything that happened so far. */
  long hash() {
    return hash;
  }

  /** What users asked for, and the end of everything that happened. */
  List<String> lines() {
    List<String> all = new ArrayList<>(wishes);
    all.add("...");
    all.addAll(lines);
    return all;
  }
}
