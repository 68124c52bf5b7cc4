package io.dromos.store;

import io.dromos.placement.Agent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Nodes as they reported themselves. */
public interface AgentStore {
  List<Agent> all();

  /** Inserts or replaces the node's row; stamps {@code seenAt} by the database's clock. */
  default void heartbeat(Agent agent) {
    heartbeat(List.of(agent));
  }

  /** As {@link #heartbeat(Agent)}, for many in one statement. */
  void heartbeat(Collection<Agent> agents);

  /**
   * Stamps {@code seenAt} of agents that have nothing new to tell.
   *
   * @return how many of them have a row
   */
  int alive(Collection<String> names);

  /** Cheap update after a plane acknowledged. */
  void served(String name, long revision);

  void remove(String name);

  /** A stable agent id for a node name, such as {@code 5f1c…-S0}; the same for ever. */
  default String agentId(String name) {
    return Objects.requireNonNull(agentIds(List.of(name)).get(name));
  }

  /** As {@link #agentId}, for many; new names are numbered in this order. */
  Map<String, String> agentIds(Collection<String> names);
}
