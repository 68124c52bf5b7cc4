package io.dromos.api;

import io.dromos.control.CommandContext;
import io.dromos.control.Commands;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.store.Stores;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v2/deployments}: what is under way, and stopping it (marathon-api reference, 1.9). */
@Path("deployments")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class DeploymentsResource {
  @Inject private Stores stores;
  @Inject private Commands commands;
  @Context private HttpServletRequest request;

  @GET
  public Response list() {
    return Responses.ok(
        stores
            .transactions()
            .inTransaction(
                () -> {
                  World world = stores.world().load();
                  List<Deployment> running = world.deployments();
                  ReadinessReader readiness = new ReadinessReader(world, running);
                  return running.stream()
                      .map(d -> DeploymentJson.of(d, app -> readiness.results(d, app)))
                      .toList();
                }));
  }

  /** Without force a new deployment reverts this one; with force it is just left as it is. */
  @DELETE
  @Path("{id}")
  public Response stop(
      @PathParam("id") String id, @QueryParam("force") @Nullable String forceText) {
    boolean force = TasksResource.flag(forceText);
    CommandContext context = TasksResource.context(request, force);
    if (!force) {
      return Responses.result(commands.rollBack(id, context));
    }
    return commands
        .abandon(id, context)
        .map(Responses::refused)
        .orElseGet(() -> Response.status(202).build());
  }
}
