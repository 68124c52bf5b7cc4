package io.dromos.dcos;

import io.dromos.api.JsonServlet;
import io.dromos.api.ServletJson;
import io.dromos.cluster.Lease;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.store.Stores;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;

/** {@code /mesos/*}: the reads of a Mesos master that DC/OS clients need. */
@WebServlet(name = "mesos", urlPatterns = "/mesos/*")
public class MesosServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient Lease lease;
  @Inject private transient NodeInfo node;
  @Inject private transient Clock clock;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getRequestURI().replaceFirst("^/mesos(/master)?/", "");
    switch (path) {
      case "state", "state.json" -> ServletJson.send(response, 200, read().state());
      case "state-summary", "state-summary.json" ->
          ServletJson.send(response, 200, read().summary());
      case "slaves", "slaves.json" -> ServletJson.send(response, 200, read().slaves());
      default -> ServletJson.message(response, 404, "URI not found: " + request.getRequestURI());
    }
  }

  private MesosState read() {
    String leader = lease.holder().map(Lease.Holder::node).orElse(node.name());
    return stores
        .transactions()
        .inTransaction(
            () -> {
              var world = stores.world().load();
              String master =
                  world.agents().stream()
                      .filter(a -> a.name().equals(leader))
                      .map(Agent::address)
                      .findFirst()
                      .orElse(node.address());
              return new MesosState(
                  world,
                  stores.revisions().clusterId(),
                  master,
                  node.version(),
                  System.getProperty("user.name", ""),
                  clock.instant());
            });
  }
}
