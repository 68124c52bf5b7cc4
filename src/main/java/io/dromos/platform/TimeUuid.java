package io.dromos.platform;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Time-based UUIDs (version 1), as Marathon names its tasks. Strictly increasing within a process.
 */
public final class TimeUuid {
  private static final long EPOCH_OFFSET_100NS = 0x01B21DD213814000L;

  private final AtomicLong last = new AtomicLong();
  private final long node;

  /** {@code random} must be a secure one where several processes share a cluster. */
  public TimeUuid(RandomGenerator random) {
    // RFC 9562, 6.10: a random clock sequence and node with the multicast bit set.
    this.node =
        (((random.nextLong() & 0x3FFFL) | 0x8000L) << 48)
            | (random.nextLong() & 0xFFFFFFFFFFFFL)
            | 0x010000000000L;
  }

  public String next(Instant now) {
    long ticks = now.getEpochSecond() * 10_000_000L + now.getNano() / 100 + EPOCH_OFFSET_100NS;
    long unique = last.updateAndGet(previous -> Math.max(previous + 1, ticks));
    long high =
        ((unique & 0xFFFFFFFFL) << 32)
            | (((unique >>> 32) & 0xFFFFL) << 16)
            | 0x1000L
            | ((unique >>> 48) & 0x0FFFL);
    return new UUID(high, node).toString();
  }
}
