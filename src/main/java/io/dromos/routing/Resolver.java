package io.dromos.routing;

/** The CDI-managed resolver: hands out the current routing truth. Take it once a request. */
public interface Resolver {
  RoutingSnapshot current();
}
