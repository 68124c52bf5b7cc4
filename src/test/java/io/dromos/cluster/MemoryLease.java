package io.dromos.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The lease of one node over a row that several may share. */
public final class MemoryLease implements Lease {
  private static final Duration DURATION = Duration.ofSeconds(10);

  private final AtomicReference<Holder> row;
  private final Clock clock;
  private final String node;
  private final String api;

  /** {@code row} starts with an expired holder; see {@link #freeRow}. */
  public MemoryLease(AtomicReference<Holder> row, Clock clock, String node, String api) {
    this.row = row;
    this.clock = clock;
    this.node = node;
    this.api = api;
  }

  public static AtomicReference<Holder> freeRow() {
    return new AtomicReference<>(new Holder("", "", 0, Instant.EPOCH));
  }

  private boolean mine;

  @Override
  public Optional<Long> acquire() {
    Instant now = clock.instant();
    Holder held = row.get();
    if (mine && held.node().equals(node) && held.expiresAt().isAfter(now)) {
      row.set(new Holder(node, api, held.epoch(), now.plus(DURATION)));
      return Optional.of(held.epoch());
    }
    if (held.node().equals(node) || !held.expiresAt().isAfter(now)) {
      row.set(new Holder(node, api, held.epoch() + 1, now.plus(DURATION)));
      mine = true;
      return Optional.of(held.epoch() + 1);
    }
    mine = false;
    return Optional.empty();
  }

  @Override
  public void release() {
    if (mine) {
      row.set(new Holder("", "", row.get().epoch(), Instant.EPOCH));
      mine = false;
    }
  }

  @Override
  public Optional<Holder> holder() {
    return Optional.of(row.get()).filter(h -> h.expiresAt().isAfter(clock.instant()));
  }

  @Override
  public void verify(long epoch) {
    if (row.get().epoch() != epoch) {
      throw new StaleEpochException(epoch);
    }
  }
}
