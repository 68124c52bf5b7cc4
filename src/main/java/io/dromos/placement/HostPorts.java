package io.dromos.placement;

import io.dromos.app.AppSpec;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.placement.Agent.PortRange;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host ports of one agent: who holds which, and the choice for the next task. A free port is
 * picked pseudo-randomly from the offered ranges, seeded by the task id, so that the same task gets
 * the same port and the next attempt of the app most likely another one.
 */
final class HostPorts {
  /** Chosen ports in definition order, or a sentence why there are none. */
  record Choice(List<Integer> ports, @Nullable String problem) {}

  private final Agent agent;
  private final BitSet frontends;
  private final Map<Integer, TaskId> holders = new HashMap<>();

  /**
   * @param frontends ports that are never chosen as a free one; shared by all agents
   */
  HostPorts(Agent agent, BitSet frontends) {
    this.agent = agent;
    this.frontends = frontends;
  }

  private static int apiPort(Agent agent) {
    int colon = agent.api().lastIndexOf(':');
    return colon >= 0 && agent.api().substring(colon + 1).matches("\\d{1,5}")
        ? Integer.parseInt(agent.api().substring(colon + 1))
        : 0;
  }

  void take(Collection<Integer> ports, TaskId holder) {
    ports.forEach(port -> holders.put(port, holder));
  }

  Choice choose(AppSpec app, TaskId id) {
    List<Integer> wishes = wishes(app);
    Set<Integer> fixed = new HashSet<>();
    for (int wish : wishes) {
      if (wish > 0) {
        String problem = problemOf(wish, fixed);
        if (problem != null) {
          return new Choice(List.of(), problem);
        }
        fixed.add(wish);
      }
    }
    Set<Integer> taken = new HashSet<>(fixed);
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      int port = wishes.get(i) > 0 ? wishes.get(i) : free(seed(id, i), taken);
      if (port < 0) {
        return new Choice(
            List.of(),
            "asked for "
                + wishes.size()
                + " host ports, all free ones of "
                + offered()
                + " are used");
      }
      taken.add(port);
      chosen.add(port);
    }
    return new Choice(chosen, null);
  }

  /** One per port that has a host port, in definition order: the fixed number, or 0 for any. */
  private static List<Integer> wishes(AppSpec app) {
    List<Integer> wishes = new ArrayList<>();
    for (PortSpec port : app.ports()) {
      Integer hostPort = port.hostPort();
      if (app.network().mode() == Network.Mode.HOST) {
        int fixed = hostPort != null && hostPort > 0 ? hostPort : port.servicePort();
        wishes.add(app.requirePorts() ? fixed : 0);
      } else if (hostPort != null) {
        wishes.add(hostPort);
      } else if (app.network().mode() == Network.Mode.BRIDGE) {
        wishes.add(0);
      }
    }
    return wishes;
  }

  private @Nullable String problemOf(int port, Set<Integer> ownPorts) {
    if (agent.ports().stream().noneMatch(range -> range.contains(port))) {
      return "port "
          + port
          + " is not among the ports it offers ("
          + offered()
          + "); dromos.node.ports adds to them";
    }
    if (ownPorts.contains(port)) {
      return "port " + port + " is asked for twice";
    }
    TaskId holder = holders.get(port);
    return holder == null ? null : "port " + port + " is taken by " + holder;
  }

  private int free(int seed, Set<Integer> taken) {
    int api = apiPort(agent);
    int size = 0;
    for (PortRange range : agent.ports()) {
      size += Math.max(0, range.to() - range.from() + 1);
    }
    for (int step = 0; step < size; step++) {
      int port = at(Math.floorMod(seed + step, size));
      if (!holders.containsKey(port)
          && !taken.contains(port)
          && !frontends.get(port)
          && port != api) {
        return port;
      }
    }
    return -1;
  }

  /** The port at a position of the concatenated ranges. */
  private int at(int position) {
    int left = position;
    for (PortRange range : agent.ports()) {
      int length = Math.max(0, range.to() - range.from() + 1);
      if (left < length) {
        return range.from() + left;
      }
      left -= length;
    }
    throw new IllegalArgumentException("no port at position " + position);
  }

  private static int seed(TaskId id, int index) {
    int hash = Objects.hash(id.value(), index);
    // Spreads neighbouring ids (murmur3's finaliser), and keeps seed + step from overflowing.
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return (hash ^ (hash >>> 16)) & 0x3fffffff;
  }

  private String offered() {
    return agent.ports().isEmpty()
        ? "none"
        : agent.ports().stream().map(PortRange::toString).collect(Collectors.joining(", "));
  }
}
