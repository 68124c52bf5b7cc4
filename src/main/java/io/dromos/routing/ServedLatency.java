package io.dromos.routing;

import java.time.Duration;

/**
 * Change-to-served latency of one plane: from the moment the cause of a change was observed until
 * the plane served it.
 *
 * @param changes how many were measured
 */
public record ServedLatency(long changes, Duration last, Duration longest, Duration total) {
  public static final ServedLatency NONE =
      new ServedLatency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** One more; clocks of two nodes may differ, so a negative latency counts as zero. */
  public ServedLatency plus(Duration latency) {
    Duration measured = latency.isNegative() ? Duration.ZERO : latency;
    return new ServedLatency(
        changes + 1,
        measured,
        measured.compareTo(longest) > 0 ? measured : longest,
        total.plus(measured));
  }
}
