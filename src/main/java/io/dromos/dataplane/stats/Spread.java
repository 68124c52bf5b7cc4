package io.dromos.dataplane.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * How long requests took.
 *
 * @param buckets requests by bucket, each counted in one bucket; the last one has no upper end
 * @param totalMicros all of them together
 */
public record Spread(List<Long> buckets, long totalMicros) {
  private static final long[] UPPER_MICROS = {
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };
  static final int BUCKETS = UPPER_MICROS.length + 1;

  public Spread {
    buckets = List.copyOf(buckets);
  }

  static int bucketOf(long micros) {
    int bucket = 0;
    while (bucket < UPPER_MICROS.length && micros > UPPER_MICROS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** Upper end of a bucket in seconds, as Prometheus writes it. */
  static String upper(int bucket) {
    return bucket == UPPER_MICROS.length
        ? "+Inf"
        : Double.toString(UPPER_MICROS[bucket] / 1_000_000.0);
  }

  /** Both together. */
  public Spread plus(Spread other) {
    List<Long> sum = new ArrayList<>(buckets);
    for (int i = 0; i < sum.size(); i++) {
      sum.set(i, sum.get(i) + other.buckets.get(i));
    }
    return new Spread(sum, totalMicros + other.totalMicros);
  }

  long count() {
    return buckets.stream().mapToLong(Long::longValue).sum();
  }
}
