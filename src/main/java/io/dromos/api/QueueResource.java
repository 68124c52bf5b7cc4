package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.control.Commands;
import io.dromos.placement.Agent;
import io.dromos.store.Stores;
import io.dromos.task.Task;
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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /v2/queue}: apps that wait for a place or a retry (marathon-api reference, 1.10). */
@Path("queue")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class QueueResource {
  @Inject private Stores stores;
  @Inject private Commands commands;
  @Inject private Clock clock;
  @Context private HttpServletRequest request;

  @GET
  public Response list(@QueryParam("embed") List<String> embed) {
    boolean unusedOffers = embed.contains("lastUnusedOffers");
    return Responses.ok(
        stores
            .transactions()
            .inTransaction(
                () ->
                    QueueJson.of(
                        stores.deployments().queue(),
                        stores.apps().all().stream()
                            .collect(Collectors.toMap(AppSpec::id, Function.identity())),
                        unusedOffers ? stores.agents().all() : List.<Agent>of(),
                        unusedOffers ? used() : Map.of(),
                        clock.instant(),
                        unusedOffers)));
  }

  private Map<String, Resources> used() {
    return stores.tasks().all().stream()
        .filter(Task::isActive)
        .collect(
            Collectors.toMap(
                task -> task.goal().agent(), task -> task.goal().resources(), Resources::plus));
  }

  @DELETE
  @Path("{id:.+}/delay")
  public Response resetDelay(@PathParam("id") String id) {
    return commands
        .resetDelay(AppId.of(id), TasksResource.context(request, false))
        .map(Responses::refused)
        .orElseGet(() -> Response.noContent().build());
  }
}
