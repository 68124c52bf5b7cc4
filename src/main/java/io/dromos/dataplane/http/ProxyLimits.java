package io.dromos.dataplane.http;

import java.time.Duration;

/**
 * How long anything may take. Each is a limit on silence, not on the whole.
 *
 * @param connect to one backend, then the next is tried
 * @param requestHead from its first byte to its last, against slow clients
 * @param keepAlive between two requests of a client
 * @param firstByte from the last byte of a request to the first of its answer
 * @param idle no byte moved in either direction while a message is under way
 * @param tunnelIdle the same after a protocol switch, and for relayed TCP connections
 * @param poolIdle how long a backend connection is kept for the next request
 */
public record ProxyLimits(
    Duration connect,
    Duration requestHead,
    Duration keepAlive,
    Duration firstByte,
    Duration idle,
    Duration tunnelIdle,
    Duration poolIdle) {
  public static final ProxyLimits DEFAULT =
      new ProxyLimits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(300),
          Duration.ofHours(1),
          Duration.ofSeconds(30));
}
