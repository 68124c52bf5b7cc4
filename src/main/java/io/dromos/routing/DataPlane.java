package io.dromos.routing;

import java.time.Duration;

/**
 * A consumer of snapshots: edge, l4 or kernel, dns, proxy. Each is called on a thread of its own,
 * one snapshot at a time, newest only.
 */
public interface DataPlane {
  /** Short and stable: {@code edge}, {@code l4}, {@code kernel}, {@code dns}, {@code proxy}. */
  String name();

  /**
   * Serves {@code next}: builds what is new first, drops what is gone last, and never closes a
   * connection that a live backend is serving. Must be idempotent.
   *
   * @throws Exception when nothing of {@code next} could be applied; the plane keeps the last good
   *     one
   */
  PlaneReport apply(RoutingSnapshot next) throws Exception;

  /**
   * How often {@link #apply} is to be called with the snapshot it has already, so that the plane
   * compares what it made with what is there and mends the difference. Zero: never, nobody else can
   * touch what it made.
   */
  default Duration mendEvery() {
    return Duration.ZERO;
  }

  /**
   * A successor in another process serves from now on: accepts nothing new, and lets the
   * connections that are open go on to their end. What outlives a process, such as tables in the
   * kernel, is the successor's now, and the {@link #close} that follows leaves it alone.
   * Idempotent.
   */
  default void drain() {}

  /** Connections and requests that {@link #drain} leaves to be waited for. */
  default long open() {
    return 0;
  }

  /** Stops listening, and removes what the plane left in the kernel; idempotent. */
  void close();
}
