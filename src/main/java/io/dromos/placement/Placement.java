package io.dromos.placement;

import java.util.List;

/** Agent and host ports chosen for a task. */
public record Placement(Agent agent, List<Integer> hostPorts) {
  public Placement {
    hostPorts = List.copyOf(hostPorts);
  }
}
