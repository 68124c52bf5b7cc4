package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.app.Constraint;
import io.dromos.app.KillSelection;
import io.dromos.placement.Agent;
import io.dromos.placement.Constraints;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tasks go first (Marathon 1.11: {@code KillSelection}, {@code ScalingProposition}): those
 * whose going evens out a GROUP_BY, then by what they serve, then by age as the app says.
 */
final class KillOrder {
  private final World world;

  KillOrder(World world) {
    this.world = world;
  }

  /** {@code count} of {@code tasks} to let go when fewer instances are wanted. */
  List<Task> choose(Collection<Task> tasks, int count, AppSpec app) {
    List<Constraint> spread =
        app.constraints().stream()
            .filter(c -> c.operator() == Constraint.Operator.GROUP_BY)
            .toList();
    List<Task> left = new ArrayList<>(tasks);
    left.sort(order(app.killSelection()));
    if (spread.isEmpty()) {
      return left.subList(0, Math.min(count, left.size()));
    }
    List<Task> chosen = new ArrayList<>();
    while (chosen.size() < count && !left.isEmpty()) {
      Task victim = mostCrowded(left, spread);
      left.remove(victim);
      chosen.add(victim);
    }
    return chosen;
  }

  /** Old tasks in the order they make way for new ones: those that serve nobody first. */
  List<Task> choosePlain(Collection<Task> tasks, int count, AppSpec app) {
    return tasks.stream().sorted(order(app.killSelection())).limit(count).toList();
  }

  private Task mostCrowded(List<Task> ordered, List<Constraint> spread) {
    for (Constraint constraint : spread) {
      Map<String, Integer> counts = new HashMap<>();
      ordered.forEach(task -> counts.merge(value(task, constraint), 1, Integer::sum));
      int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      int least = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
      if (most > least) {
        return ordered.stream()
            .filter(task -> counts.getOrDefault(value(task, constraint), 0) == most)
            .findFirst()
            .orElseGet(() -> ordered.get(0));
      }
    }
    return ordered.get(0);
  }

  private String value(Task task, Constraint constraint) {
    Agent agent = world.agent(task.goal().agent()).orElse(null);
    return agent == null ? "" : Constraints.valueOf(agent, constraint.field()).orElse("");
  }

  private Comparator<Task> order(KillSelection selection) {
    Comparator<Task> byAge = Comparator.comparing(task -> task.goal().stagedAt());
    return Comparator.comparingInt(KillOrder::weight)
        .thenComparing(this::isHealthy)
        .thenComparing(selection == KillSelection.YOUNGEST_FIRST ? byAge.reversed() : byAge)
        .thenComparing(Task::id);
  }

  private boolean isHealthy(Task task) {
    return task.isRunning()
        && task.isHealthy(world.specOf(task).map(spec -> spec.healthChecks().size()).orElse(0));
  }

  private static int weight(Task task) {
    TaskState state = task.state();
    if (state == TaskState.UNREACHABLE) {
      return 0;
    } else if (state == TaskState.STAGING) {
      return 1;
    } else if (state == TaskState.STARTING) {
      return 2;
    } else if (state == TaskState.RUNNING) {
      return 3;
    }
    return 4;
  }
}
