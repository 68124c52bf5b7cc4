package io.dromos.routing;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that a snapshot is made of, read at one revision.
 *
 * @param apps current definitions: service ports and edge labels come from here
 * @param tasks every task with the definition it was launched from: VIPs come from here
 * @param vipIndices durable index by canonical VIP name, see {@link VipNames}
 * @param nodes every node that reported itself
 * @param edge what the operator decided about this node's edge
 * @param withdrawn tasks seen dead that the store still takes for living
 * @param causedAt when the newest cause was observed
 */
public record RoutingInput(
    long revision,
    Map<AppId, AppSpec> apps,
    List<Placed> tasks,
    Map<String, Integer> vipIndices,
    LocalPool pool,
    List<Node> nodes,
    EdgeRules edge,
    Set<TaskId> withdrawn,
    Instant causedAt) {
  /** A task and the definition it was launched from. */
  public record Placed(Task task, AppSpec spec) {}

  /**
   * A node of the cluster.
   *
   * @param address where its tasks are reached
   * @param agentId Mesos-style agent id
   * @param apiPort port of its API
   */
  public record Node(
      String name,
      String address,
      String agentId,
      int apiPort,
      boolean master,
      boolean agent,
      boolean leader) {}

  public RoutingInput {
    apps = Map.copyOf(apps);
    tasks = List.copyOf(tasks);
    vipIndices = Map.copyOf(vipIndices);
    nodes = List.copyOf(nodes);
    withdrawn = Set.copyOf(withdrawn);
  }

  /** The same facts without these tasks, because of something seen at {@code now}. */
  public RoutingInput without(Set<TaskId> dead, Instant now) {
    Set<TaskId> all = new HashSet<>(withdrawn);
    all.addAll(dead);
    return new RoutingInput(revision, apps, tasks, vipIndices, pool, nodes, edge, all, now);
  }
}
