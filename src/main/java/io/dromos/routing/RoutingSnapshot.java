package io.dromos.routing;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The complete, immutable, versioned routing truth of one node.
 *
 * @param version store revision it was compiled from; nodes compare by it
 * @param sequence counts snapshots on this node, so that a local withdrawal is newer than its base
 * @param vips sorted by key
 * @param vhosts in matching order: first match wins
 * @param servicePorts sorted by port, then app
 * @param services every app port that the edge serves, by app, then port; with or without backends
 * @param warnings conflicts and unusable labels, by app path
 * @param causedAt when the newest cause was observed, for the change-to-served latency
 */
public record RoutingSnapshot(
    long version,
    long sequence,
    List<Vip> vips,
    List<VhostRoute> vhosts,
    List<ServicePort> servicePorts,
    List<EdgeService> services,
    DnsRecords dns,
    Map<String, List<String>> warnings,
    Instant causedAt) {
  public static final RoutingSnapshot EMPTY =
      new RoutingSnapshot(
          0,
          0,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          DnsRecords.EMPTY,
          Map.of(),
          Instant.EPOCH);

  public RoutingSnapshot {
    vips = List.copyOf(vips);
    vhosts = List.copyOf(vhosts);
    servicePorts = List.copyOf(servicePorts);
    services = List.copyOf(services);
    warnings = Map.copyOf(warnings);
  }

  /**
   * The same snapshot, which holds the very lists and maps of {@code before} wherever they are
   * equal: whoever compares the two again, as every plane does, is done at once. Names of a large
   * cluster are a hundred thousand.
   */
  RoutingSnapshot sharing(RoutingSnapshot before) {
    return new RoutingSnapshot(
        version,
        sequence,
        shared(before.vips, vips),
        shared(before.vhosts, vhosts),
        shared(before.servicePorts, servicePorts),
        shared(before.services, services),
        shared(before.dns, dns),
        shared(before.warnings, warnings),
        causedAt);
  }

  private static <T> T shared(T before, T next) {
    return before.equals(next) ? before : next;
  }

  /** The same routes, measured from another moment; {@link Instant#EPOCH}: not at all. */
  public RoutingSnapshot causedAt(Instant moment) {
    return new RoutingSnapshot(
        version, sequence, vips, vhosts, servicePorts, services, dns, warnings, moment);
  }

  /** Equal in everything traffic can notice; version, sequence and cause aside. */
  public boolean sameRoutes(RoutingSnapshot other) {
    return vips.equals(other.vips)
        && vhosts.equals(other.vhosts)
        && servicePorts.equals(other.servicePorts)
        && services.equals(other.services)
        && dns.equals(other.dns);
  }
}
