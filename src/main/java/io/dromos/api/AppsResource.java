package io.dromos.api;

import static io.dromos.api.BodyException.present;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandResult;
import io.dromos.store.Stores;
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
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code /v2/apps} (marathon-api reference, 1.6). */
@Path("apps")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AppsResource {
  @Inject private Stores stores;
  @Inject private AppViews views;
  @Inject private AppChanges changes;
  @Context private HttpServletRequest request;
  @Context private UriInfo uri;

  @GET
  public Response list(
      @QueryParam("cmd") @Nullable String cmd,
      @QueryParam("id") @Nullable String id,
      @QueryParam("label") @Nullable String label,
      @QueryParam("embed") List<String> embed) {
    Predicate<Map<String, String>> labels;
    try {
      labels = LabelSelector.parse(label == null ? "" : label);
    } catch (IllegalArgumentException e) {
      String text = "Can not parse label selector " + label + ". Reason: " + e.getMessage();
      return Responses.message(422, text);
    }
    Predicate<AppSpec> filter =
        app ->
            (cmd == null || contains(app.cmd(), cmd))
                && (id == null || contains(app.id().path(), id))
                && labels.test(app.labels());
    return Responses.ok(new AppView.AppListJson(views.list(filter, Embed.ofList(embed))));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response create(@Nullable AppJson app, @QueryParam("force") @Nullable String force) {
    CommandResult result = changes.create(present(app), context(force, true));
    return result instanceof CommandResult.Accepted accepted
        ? Responses.created(accepted, accepted.apps().get(0).id(), AppView.created(accepted), uri)
        : Responses.result(result);
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  public Response updateAll(
      @Nullable List<AppJson> apps,
      @QueryParam("force") @Nullable String force,
      @QueryParam("partialUpdate") @Nullable String partial) {
    return Responses.result(changes.updateAll(present(apps), mode(partial), context(force, false)));
  }

  @PATCH
  @Consumes(MediaType.APPLICATION_JSON)
  public Response patchAll(
      @Nullable List<AppJson> apps, @QueryParam("force") @Nullable String force) {
    return Responses.result(
        changes.updateAll(present(apps), AppChanges.Mode.PATCH, context(force, false)));
  }

  /** One app; with {@code *} at the end, every app below a group. */
  @GET
  @Path("{id:.+}")
  public Response get(@PathParam("id") String id, @QueryParam("embed") List<String> embed) {
    if (id.equals("*") || id.endsWith("/*")) {
      return listGroup(AppId.of(id.substring(0, id.length() - 1)), Embed.ofOne(embed));
    }
    AppId app = AppId.of(id);
    return views
        .find(app, Embed.ofOne(embed))
        .map(view -> Responses.ok(new AppView.SingleAppJson(view)))
        .orElseGet(() -> Responses.appNotFound(app));
  }

  @PUT
  @Path("{id:.+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response update(
      @PathParam("id") String id,
      @Nullable AppJson app,
      @QueryParam("force") @Nullable String force,
      @QueryParam("partialUpdate") @Nullable String partial) {
    AppId target = AppId.of(id);
    AppChanges.Outcome outcome =
        changes.update(target, present(app), mode(partial), context(force, true));
    return outcome.result() instanceof CommandResult.Accepted accepted
            && outcome.created().contains(target)
        ? Responses.created(accepted, target, DeploymentResultJson.of(accepted), uri)
        : Responses.result(outcome.result());
  }

  @PATCH
  @Path("{id:.+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response patch(
      @PathParam("id") String id,
      @Nullable AppJson app,
      @QueryParam("force") @Nullable String force) {
    return Responses.result(
        changes
            .update(AppId.of(id), present(app), AppChanges.Mode.PATCH, context(force, true))
            .result());
  }

  /** The only place where {@code force} is the default. */
  @DELETE
  @Path("{id:.+}")
  public Response delete(@PathParam("id") String id, @QueryParam("force") @Nullable String force) {
    String forced = force == null || force.isEmpty() ? "true" : force;
    return Responses.result(changes.delete(AppId.of(id), context(forced, false)));
  }

  @POST
  @Path("{id:.+}/restart")
  public Response restart(@PathParam("id") String id, @QueryParam("force") @Nullable String force) {
    return Responses.result(changes.restart(AppId.of(id), context(force, false)));
  }

  private Response listGroup(AppId group, Embed embed) {
    if (!stores.apps().groups().contains(group)) {
      return Responses.groupNotFound(group);
    }
    return Responses.ok(Map.of("*", views.list(app -> app.id().isBelow(group), embed)));
  }

  private CommandContext context(@Nullable String force, boolean postEvent) {
    return new CommandContext(
        request.getRemoteAddr(), request.getRequestURI(), TasksResource.flag(force), postEvent);
  }

  private static AppChanges.Mode mode(@Nullable String partialUpdate) {
    return partialUpdate == null || partialUpdate.isEmpty() || TasksResource.flag(partialUpdate)
        ? AppChanges.Mode.PARTIAL
        : AppChanges.Mode.REPLACE;
  }

  private static boolean contains(@Nullable String text, String part) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
