package io.dromos.routing;

/** Holds the current snapshot. Reading it is one volatile load. */
public final class RoutingTable implements Resolver {
  private volatile RoutingSnapshot current = RoutingSnapshot.EMPTY;

  @Override
  public RoutingSnapshot current() {
    return current;
  }

  void swap(RoutingSnapshot next) {
    current = next;
  }
}
