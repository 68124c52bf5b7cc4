package io.dromos.routing;

/**
 * A consumer of snapshots: edge, l4, dns, proxy. Each is called on a thread of its own, one
 * snapshot at a time, newest only.
 */
public interface DataPlane {
  /** Short and stable: {@code edge}, {@code l4}, {@code dns}, {@code proxy}. */
  String name();

  /**
   * Serves {@code next}: builds what is new first, drops what is gone last, and never closes a
   * connection that a live backend is serving. Must be idempotent.
   *
   * @throws Exception when nothing of {@code next} could be applied; the plane keeps the last good
   *     one
   */
  PlaneReport apply(RoutingSnapshot next) throws Exception;

  /** Stops listening; idempotent. */
  void close();
}
