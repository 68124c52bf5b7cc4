package io.dromos.placement;

import io.dromos.task.TaskGoal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the tasks of one app are: counted by agent, and by the value of every field that a
 * constraint asked for. Counts go up with each placement; nothing is ever counted anew.
 */
final class Peers {
  private final Map<String, Agent> agents;
  private final Map<String, Integer> byAgent = new HashMap<>();
  private final Map<String, Map<String, Integer>> byField = new HashMap<>();

  /**
   * @param agents all known agents by name, to find the values of the peers
   */
  Peers(Map<String, Agent> agents) {
    this.agents = agents;
  }

  void add(TaskGoal goal) {
    byAgent.merge(goal.agent(), 1, Integer::sum);
    byField.forEach((field, counts) -> count(field, goal.agent(), 1, counts));
  }

  boolean isEmpty() {
    return byAgent.isEmpty();
  }

  int on(String agent) {
    return byAgent.getOrDefault(agent, 0);
  }

  /** How many tasks there are for each value of {@code field}. */
  Map<String, Integer> used(String field) {
    return byField.computeIfAbsent(
        field,
        f -> {
          Map<String, Integer> counts = new HashMap<>();
          byAgent.forEach((agent, tasks) -> count(f, agent, tasks, counts));
          return counts;
        });
  }

  private void count(String field, String name, int tasks, Map<String, Integer> counts) {
    Agent agent = agents.get(name);
    Optional<String> value =
        agent != null
            ? Constraints.valueOf(agent, field)
            : Constraints.isHostname(field) ? Optional.of(name) : Optional.empty();
    value.ifPresent(v -> counts.merge(v, tasks, Integer::sum));
  }
}
