package io.dromos.placement;

import io.dromos.app.AppSpec;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;

/** Agent and host ports chosen for a task. */
public record Placement(Agent agent, List<Integer> hostPorts) {
  public Placement {
    hostPorts = List.copyOf(hostPorts);
  }

  /** The goal of a new task at this place, not stored yet. */
  public TaskGoal goal(AppSpec app, TaskId id, Instant now) {
    return new TaskGoal(
        id,
        app.id(),
        app.version(),
        agent.name(),
        agent.address(),
        hostPorts,
        app.resources(),
        now,
        null,
        null,
        0);
  }
}
