package io.dromos.agent;

import io.dromos.platform.Loops;
import io.dromos.routing.Planes;
import io.dromos.task.TaskId;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes tasks that a runtime saw end out of the routes at once. It waits for nobody: not for the
 * database, nor for a turn of the agent loop that is busy with something else.
 */
final class RouteWithdrawal implements AutoCloseable {
  private final Runtimes runtimes;
  private final Planes planes;
  private final Loops.Loop loop;
  private Set<TaskId> withdrawn = Set.of();

  RouteWithdrawal(Runtimes runtimes, Planes planes, Loops loops) {
    this.runtimes = runtimes;
    this.planes = planes;
    this.loop = loops.loop("route-withdrawal", this::turn, 100);
  }

  void start() {
    loop.start();
    loop.signal();
  }

  void signal() {
    loop.signal();
  }

  private void turn() {
    Set<TaskId> over = runtimes.over();
    Set<TaskId> fresh = new HashSet<>(over);
    fresh.removeAll(withdrawn);
    if (!fresh.isEmpty()) {
      planes.withdraw(fresh);
    }
    // Forgotten ones leave the set, so it doesn't grow.
    withdrawn = new HashSet<>(over);
  }

  @Override
  public void close() {
    loop.close();
  }
}
