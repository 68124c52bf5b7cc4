package io.dromos.simulation;

import io.dromos.routing.Backend;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A plane that sends new connections to what the snapshot it applied last accepts. */
final class SimulatedPlane implements DataPlane {
  /** Nothing of a snapshot could be applied. */
  static final class PlaneFailure extends Exception {
    private static final long serialVersionUID = 1L;

    PlaneFailure() {
      super("the plane cannot apply the snapshot");
    }
  }

  private final Faults faults;
  private Set<TaskId> accepting = Set.of();
  private boolean failed;
  // A place kept for a VIP without tasks is nothing that this plane would have to open.
  private List<Vip> served = List.of();

  SimulatedPlane(Faults faults) {
    this.faults = faults;
  }

  @Override
  public String name() {
    return "l4";
  }

  @Override
  public PlaneReport apply(RoutingSnapshot next) throws PlaneFailure {
    List<Vip> backed = next.vips().stream().filter(vip -> !vip.backends().isEmpty()).toList();
    if (failed || !backed.equals(served)) {
      failed = faults.strikes(Fault.PLANE_FAILED);
      if (failed) {
        throw new PlaneFailure();
      }
    }
    served = backed;
    Set<TaskId> tasks = new TreeSet<>();
    for (Vip vip : next.vips()) {
      for (Backend backend : vip.backends()) {
        if (backend.accepting()) {
          tasks.add(backend.task());
        }
      }
    }
    accepting = tasks;
    return PlaneReport.ALL_SERVED;
  }

  /** Where new connections go. */
  Set<TaskId> accepting() {
    return accepting;
  }

  /** It said that it goes on with an older snapshot. */
  boolean saysItFailed() {
    return failed;
  }

  @Override
  public void close() {}
}
