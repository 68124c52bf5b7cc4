package io.dromos.dcos;

import io.dromos.api.JsonServlet;
import io.dromos.api.ServletJson;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.cluster.Lease;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.HealthLimits;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.routing.Resolver;
import io.dromos.store.Stores;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code /console/*}: the public JSON that the console and the command line read, beside the
 * Marathon API so that strict clients of that never meet an unknown key ({@code console-json.md}).
 */
@WebServlet(name = "console", urlPatterns = "/console/*")
public class ConsoleServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = System.getLogger(ConsoleServlet.class.getName());
  private static final String WHY = "/console/why/";
  private static final String DEPLOYMENTS = "/console/deployments";

  /** As many as an explanation or a list draws on. */
  private static final int ENDED_READ = 100;

  @Inject private transient Stores stores;
  @Inject private transient Resolver resolver;
  @Inject private transient Planes planes;
  @Inject private transient Lease lease;
  @Inject private transient NodeInfo node;
  @Inject private transient Settings settings;
  @Inject private transient Clock clock;

  /** {@code GET /console/why/<app>}. */
  public record WhyJson(String app, List<String> sentences) {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path =
        URLDecoder.decode(request.getRequestURI().replace("+", "%2B"), StandardCharsets.UTF_8);
    if (path.startsWith(WHY)) {
      why(response, AppId.of(path.substring(WHY.length())));
      return;
    }
    if (path.startsWith(DEPLOYMENTS + "/")) {
      deployment(response, path.substring(DEPLOYMENTS.length() + 1));
      return;
    }
    switch (path) {
      case DEPLOYMENTS -> ServletJson.send(response, 200, deployments());
      case "/console/overview" -> ServletJson.send(response, 200, overview());
      case "/console/routes" -> ServletJson.send(response, 200, routes());
      case "/console/vips" ->
          ServletJson.send(response, 200, RoutesJson.VipsJson.of(resolver.current()));
      default -> ServletJson.message(response, 404, "URI not found: " + path);
    }
  }

  private OverviewJson overview() {
    String leader = lease.holder().map(Lease.Holder::node).orElse(null);
    return stores
        .transactions()
        .inTransaction(
            () ->
                OverviewJson.of(
                    stores.world().load(), node.name(), node.version(), leader, clock.instant()));
  }

  private DeploymentStatusJson.DeploymentsJson deployments() {
    return stores
        .transactions()
        .inTransaction(
            () -> {
              World world = stores.world().load();
              Instant now = clock.instant();
              return new DeploymentStatusJson.DeploymentsJson(
                  world.deployments().stream()
                      .filter(Deployment::isRunning)
                      .map(deployment -> DeploymentStatusJson.of(deployment, world, now))
                      .toList(),
                  stores.deployments().ended(ENDED_READ).stream()
                      .map(deployment -> DeploymentStatusJson.of(deployment, world, now))
                      .toList());
            });
  }

  private void deployment(HttpServletResponse response, String id) throws IOException {
    Optional<DeploymentStatusJson> found =
        stores
            .transactions()
            .inTransaction(
                () ->
                    stores
                        .deployments()
                        .find(id)
                        .map(
                            deployment ->
                                DeploymentStatusJson.of(
                                    deployment, stores.world().load(), clock.instant())));
    if (found.isPresent()) {
      ServletJson.send(response, 200, found.get());
    } else {
      ServletJson.message(response, 404, "DeploymentPlan " + id + " does not exist");
    }
  }

  /** The snapshot is in memory: routes can be read while the database is away. */
  private RoutesJson routes() {
    List<Agent> agents;
    try {
      agents = stores.transactions().inTransaction(() -> stores.agents().all());
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "other nodes unknown: {0}", String.valueOf(e));
      agents = List.of();
    }
    return RoutesJson.of(resolver.current(), planes.reports(), agents);
  }

  private void why(HttpServletResponse response, AppId id) throws IOException {
    WhyExplainer.Facts facts =
        stores
            .transactions()
            .inTransaction(
                () ->
                    new WhyExplainer.Facts(
                        stores.world().load(),
                        stores.tasks().lastFailures(),
                        stores.deployments().ended(ENDED_READ),
                        resolver.current(),
                        planes.reports(),
                        HealthLimits.from(settings),
                        clock.instant()));
    AppSpec app = facts.world().apps().get(id);
    if (app == null) {
      ServletJson.message(response, 404, "App '" + id + "' does not exist");
    } else {
      ServletJson.send(response, 200, new WhyJson(id.path(), WhyExplainer.explain(facts, app)));
    }
  }
}
