package io.dromos.dataplane.http;

import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;

/**
 * The servlet proxy as a plane. It reads the resolver at each request, so it serves a snapshot as
 * soon as that is current; applying one only lets go of idle connections early.
 */
public final class ProxyPlane implements DataPlane {
  private final ProxyClient client;

  /** {@code client} stays its owner's to close. */
  public ProxyPlane(ProxyClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public PlaneReport apply(RoutingSnapshot next) {
    client.routes(next);
    return PlaneReport.ALL_SERVED;
  }

  @Override
  public void close() {}
}
