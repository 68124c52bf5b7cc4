package io.dromos;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Lease;
import io.dromos.control.Commands;
import io.dromos.dataplane.http.ProxyClient;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.routing.Resolver;
import io.dromos.runtime.Sandboxes;
import io.dromos.store.Stores;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Clock;

/**
 * The parts of the node as CDI beans, for doors and proxy. Each is made once, by {@link NodeGraph}.
 */
@ApplicationScoped
class Wiring {
  @Inject private Lifecycle lifecycle;

  /** The CDI-managed resolver: hands out the current routing truth. */
  @Produces
  Resolver resolver() {
    return lifecycle.node().resolver();
  }

  @Produces
  Planes planes() {
    return lifecycle.node().publisher();
  }

  @Produces
  ProxyClient proxyClient() {
    return lifecycle.node().proxyClient();
  }

  @Produces
  Stores stores() {
    return lifecycle.node().stores();
  }

  @Produces
  Commands commands() {
    return lifecycle.node().commands();
  }

  @Produces
  Lease lease() {
    return lifecycle.node().lease();
  }

  @Produces
  ChangeFeed feed() {
    return lifecycle.node().feed();
  }

  @Produces
  Settings settings() {
    return lifecycle.node().settings();
  }

  @Produces
  NodeInfo nodeInfo() {
    return lifecycle.node().info();
  }

  @Produces
  Sandboxes sandboxes() {
    return lifecycle.node().sandboxes();
  }

  @Produces
  Clock clock() {
    return lifecycle.node().clock();
  }
}
