package io.dromos.placement;

import io.dromos.app.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A machine that runs tasks, as it last reported itself.
 *
 * @param name node name, unique
 * @param id Mesos-style agent id, stable per node ({@code <cluster>-S0})
 * @param address where its tasks are reached
 * @param api {@code host:port} of its API, for redirects
 * @param roles of {@code master agent edge}
 * @param total what it offers in all
 * @param ports host port ranges it offers
 * @param features words such as {@code docker} and {@code process}
 * @param problems why a feature is missing, feature to sentence
 * @param servedRevision lowest store revision that every live plane of the node serves
 * @param planes one line per data plane: what it serves, or why it is degraded
 * @param seenAt last heartbeat
 */
public record Agent(
    String name,
    String id,
    String address,
    String api,
    List<String> roles,
    Resources total,
    List<PortRange> ports,
    Map<String, String> attributes,
    List<String> features,
    Map<String, String> problems,
    long servedRevision,
    Map<String, String> planes,
    Instant startedAt,
    Instant seenAt) {
  /** Inclusive range of ports. */
  public record PortRange(int from, int to) {
    /**
     * Reads {@code 31000-32000}, or a single port.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static PortRange parse(String text) {
      String[] ends = text.strip().split("-", 2);
      try {
        int from = Integer.parseInt(ends[0].strip());
        int to = ends.length == 1 ? from : Integer.parseInt(ends[1].strip());
        if (from >= 1 && from <= to && to <= 65_535) {
          return new PortRange(from, to);
        }
      } catch (NumberFormatException e) {
        // Said below, together with numbers out of range.
      }
      throw new IllegalArgumentException(
          "'" + text + "' is no range of ports: give one such as 31000-32000");
    }

    public boolean contains(int port) {
      return port >= from && port <= to;
    }

    @Override
    public String toString() {
      return from + "-" + to;
    }
  }

  public Agent {
    roles = List.copyOf(roles);
    ports = List.copyOf(ports);
    attributes = Map.copyOf(attributes);
    features = List.copyOf(features);
    problems = Map.copyOf(problems);
    planes = Map.copyOf(planes);
  }

  /** The same node at another beat. */
  public Agent seen(long newServedRevision, Instant newSeenAt) {
    return new Agent(
        name,
        id,
        address,
        api,
        roles,
        total,
        ports,
        attributes,
        features,
        problems,
        newServedRevision,
        planes,
        startedAt,
        newSeenAt);
  }

  public boolean isAgent() {
    return roles.contains("agent");
  }

  /** Has reported within {@code seconds}. */
  public boolean isAlive(Instant now, long seconds) {
    return seenAt.plusSeconds(seconds).isAfter(now);
  }
}
