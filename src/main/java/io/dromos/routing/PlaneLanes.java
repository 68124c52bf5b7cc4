package io.dromos.routing;

import io.dromos.platform.Loops;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The planes of this process, each on a lane of its own. */
public final class PlaneLanes implements PlaneGroup {
  /** How long a plane that failed, or that cannot open a socket, waits for its next attempt. */
  static final Duration RETRY = Duration.ofSeconds(5);

  private final RoutingTable table;
  private final List<PlaneLane> lanes;

  /**
   * @param table what is served is swapped into it, for those who look at the routes directly
   * @param onState called on a plane's thread whenever its state may have changed; must only signal
   */
  public PlaneLanes(
      RoutingTable table, List<DataPlane> planes, Loops loops, Clock clock, Runnable onState) {
    this(table, planes, loops, clock, RETRY, onState);
  }

  PlaneLanes(
      RoutingTable table,
      List<DataPlane> planes,
      Loops loops,
      Clock clock,
      Duration retryAfter,
      Runnable onState) {
    this.table = table;
    this.lanes =
        planes.stream()
            .map(plane -> new PlaneLane(plane, table, loops, clock, retryAfter, onState))
            .toList();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // who shares the table has swapped it already
  public void serve(RoutingSnapshot next) {
    RoutingSnapshot before = table.current();
    if (before != next) {
      table.swap(next.sharing(before));
    }
    lanes.forEach(PlaneLane::signal);
  }

  @Override
  public List<PlaneState> states() {
    return lanes.stream().map(PlaneLane::state).toList();
  }

  @Override
  public void retryDegraded() {
    lanes.forEach(lane -> lane.retryDegraded(RETRY));
  }

  @Override
  public void reapply() {
    lanes.forEach(PlaneLane::mend);
  }

  /** No snapshot is served any more; see {@link DataPlane#drain}. */
  public void drain() {
    lanes.forEach(PlaneLane::drain);
  }

  /** Connections and requests still open after {@link #drain}. */
  public long open() {
    return lanes.stream().mapToLong(PlaneLane::open).sum();
  }

  /** Stops the threads, then the planes, in the order they were given. */
  @Override
  public void close() {
    lanes.forEach(PlaneLane::close);
  }
}
