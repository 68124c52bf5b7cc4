package io.dromos.api;

import static io.dromos.api.BodyException.present;

import io.dromos.api.GroupUpdateJson.GroupPatchJson;
import io.dromos.app.AppId;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandResult;
import io.dromos.control.Commands;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /v2/groups} (marathon-api reference, 1.8). */
@Path("groups")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class GroupsResource {
  @Inject private AppViews apps;
  @Inject private GroupViews groups;
  @Inject private GroupChanges changes;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @GET
  public Response root(@QueryParam("embed") List<String> embed) {
    return group("", embed);
  }

  @GET
  @Path("{id:.+}")
  public Response group(@PathParam("id") String id, @QueryParam("embed") List<String> embed) {
    AppId group = AppId.of(id);
    return groups
        .find(group, embed)
        .map(Responses::ok)
        .orElseGet(() -> Responses.groupNotFound(group));
  }

  @GET
  @Path("apps")
  public Response rootApps(@QueryParam("embed") List<String> embed) {
    return apps("", embed);
  }

  /** Every app below the group; an unknown group has none. */
  @GET
  @Path("{id:.+}/apps")
  public Response apps(@PathParam("id") String id, @QueryParam("embed") List<String> embed) {
    AppId group = AppId.of(id);
    return Responses.ok(apps.list(app -> app.id().isBelow(group), Embed.inGroup(embed)));
  }

  @GET
  @Path("versions")
  public Response rootVersions() {
    return versions("");
  }

  @GET
  @Path("{id:.+}/versions")
  public Response versions(@PathParam("id") String id) {
    AppId group = AppId.of(id);
    return groups
        .versions(group)
        .map(Responses::ok)
        .orElseGet(() -> Responses.groupNotFound(group));
  }

  @GET
  @Path("versions/{version}")
  public Response rootVersion(
      @PathParam("version") String version, @QueryParam("embed") List<String> embed) {
    return version("", version, embed);
  }

  @GET
  @Path("{id:.+}/versions/{version}")
  public Response version(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @QueryParam("embed") List<String> embed) {
    AppId group = AppId.of(id);
    return groups
        .find(group, Timestamps.parse(version), embed)
        .map(Responses::ok)
        .orElseGet(() -> Responses.groupNotFound(group));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response createBelowRoot(
      @Nullable GroupUpdateJson body, @QueryParam("force") @Nullable String force) {
    return create("", body, force);
  }

  @POST
  @Path("{id:.+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(
      @PathParam("id") String id,
      @Nullable GroupUpdateJson body,
      @QueryParam("force") @Nullable String force) {
    AppId target = GroupChanges.target(AppId.of(id), present(body));
    CommandResult result = changes.create(target, present(body), context(force));
    return result instanceof CommandResult.Accepted accepted
        ? Responses.created(accepted, target, DeploymentResultJson.of(accepted), uri)
        : Responses.result(result);
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Response updateRoot(
      @Nullable GroupUpdateJson body,
      @QueryParam("force") @Nullable String force,
      @QueryParam("dryRun") @Nullable String dryRun) {
    return update("", body, force, dryRun);
  }

  /** Creates a group that is missing, and says 200 all the same. */
  @PUT
  @Path("{id:.+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response update(
      @PathParam("id") String id,
      @Nullable GroupUpdateJson body,
      @QueryParam("force") @Nullable String force,
      @QueryParam("dryRun") @Nullable String dryRun) {
    AppId target = GroupChanges.target(AppId.of(id), present(body));
    return TasksResource.flag(dryRun)
        ? forecast(changes.forecast(target, present(body)))
        : Responses.result(changes.update(target, present(body), context(force)));
  }

  private static Response forecast(Commands.Forecast forecast) {
    return forecast instanceof Commands.Forecast.Steps steps
        ? Responses.ok(DeploymentJson.StepsJson.of(steps.steps()))
        : Responses.refused(((Commands.Forecast.Refused) forecast).rejection());
  }

  /** Settings of a top-level group, without touching its apps. */
  @PATCH
  @Path("{id:.+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response patch(@PathParam("id") String id, @Nullable GroupPatchJson body) {
    boolean enforced = Objects.requireNonNullElse(present(body).enforceRole(), false);
    CommandResult result = changes.enforceRole(AppId.of(id), enforced, context(null));
    return result instanceof CommandResult.Accepted
        ? Response.ok().build()
        : Responses.result(result);
  }

  @DELETE
  public Response deleteAll(@QueryParam("force") @Nullable String force) {
    return delete("", force);
  }

  @DELETE
  @Path("{id:.+}")
  public Response delete(@PathParam("id") String id, @QueryParam("force") @Nullable String force) {
    return Responses.result(changes.delete(AppId.of(id), context(force)));
  }

  private CommandContext context(@Nullable String force) {
    return new CommandContext(
        request.getRemoteAddr(), request.getRequestURI(), TasksResource.flag(force), false);
  }
}
