package io.dromos;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/**
 * The first to hear that a server undeploys the application, while the database is still there: the
 * loops stop before their data source does, and the lease is given up. {@link Lifecycle#stop} comes
 * too late for both. The launcher doesn't wait for it, see {@link io.dromos.platform.StopHook}.
 */
@WebListener
public class Farewell implements ServletContextListener {
  @Inject private Running running;

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    running.ifStarted().ifPresent(NodeGraph::rest);
  }
}
