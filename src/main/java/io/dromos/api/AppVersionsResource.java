package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.control.Rejection;
import io.dromos.store.Stores;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;

/** {@code /v2/apps/{id}/versions} (marathon-api reference, 1.6.10). */
@Path("apps/{id:.+}/versions")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AppVersionsResource {
  /** Versions, newest first. */
  public record VersionListJson(List<String> versions) {}

  @Inject private Stores stores;
  @Inject private AppViews views;

  @GET
  public Response list(@PathParam("id") String id) {
    AppId app = AppId.of(id);
    List<Instant> versions =
        views.read(
            () ->
                stores.apps().find(app).isPresent()
                    ? stores.apps().versions(app)
                    : List.<Instant>of());
    return versions.isEmpty()
        ? Responses.appNotFound(app)
        : Responses.ok(new VersionListJson(versions.stream().map(Json::time).toList()));
  }

  @GET
  @Path("{version}")
  public Response get(@PathParam("id") String id, @PathParam("version") String version) {
    AppId app = AppId.of(id);
    Instant instant = Timestamps.parse(version);
    return views
        .read(() -> stores.apps().find(app).flatMap(now -> stores.apps().version(app, instant)))
        .map(spec -> Responses.ok(AppJson.of(spec)))
        .orElseGet(() -> Responses.refused(new Rejection.VersionNotFound(app, instant)));
  }
}
