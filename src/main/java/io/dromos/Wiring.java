package io.dromos;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Lease;
import io.dromos.control.Commands;
import io.dromos.dataplane.http.ProxyClient;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.platform.TurnTimes;
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
  @Inject private Running running;

  /** The CDI-managed resolver: hands out the current routing truth. */
  @Produces
  Resolver resolver() {
    return running.node().resolver();
  }

  @Produces
  Planes planes() {
    return running.node().publisher();
  }

  @Produces
  ProxyClient proxyClient() {
    return running.node().proxyClient();
  }

  @Produces
  Stores stores() {
    return running.node().stores();
  }

  @Produces
  Commands commands() {
    return running.node().commands();
  }

  @Produces
  Lease lease() {
    return running.node().lease();
  }

  @Produces
  ChangeFeed feed() {
    return running.node().feed();
  }

  @Produces
  Settings settings() {
    return running.node().settings();
  }

  @Produces
  NodeInfo nodeInfo() {
    return running.node().info();
  }

  @Produces
  Sandboxes sandboxes() {
    return running.node().sandboxes();
  }

  @Produces
  Clock clock() {
    return running.node().clock();
  }

  @Produces
  TurnTimes turnTimes() {
    return running.node().turnTimes();
  }
}
