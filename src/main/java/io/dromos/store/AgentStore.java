package io.dromos.store;

import io.dromos.placement.Agent;
import java.util.List;

/** Nodes as they reported themselves. */
public interface AgentStore {
  List<Agent> all();

  /** Inserts or replaces the node's row; stamps {@code seenAt} by the database's clock. */
  void heartbeat(Agent agent);

  /** Cheap update after a plane acknowledged. */
  void served(String name, long revision);

  void remove(String name);

  /** A stable agent id for a node name, such as {@code 5f1c…-S0}; the same for ever. */
  String agentId(String name);
}
