package io.dromos.api;

import io.dromos.app.AppId;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** {@code /v2/pods}: there are none, and none can be made (marathon-api reference, 1.14). */
@Path("pods")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class PodsResource {
  @GET
  public Response list() {
    return Responses.ok(List.of());
  }

  @POST
  public Response create() {
    return Responses.message(422, "Pods are not supported; define an app at /v2/apps instead.");
  }

  @GET
  @Path("{id:.+}")
  public Response get(@PathParam("id") String id) {
    return missing(id);
  }

  @PUT
  @Path("{id:.+}")
  public Response update(@PathParam("id") String id) {
    return missing(id);
  }

  @DELETE
  @Path("{id:.+}")
  public Response delete(@PathParam("id") String id) {
    return missing(id);
  }

  private static Response missing(String id) {
    int suffix = id.indexOf("::");
    AppId pod = AppId.of(suffix < 0 ? id : id.substring(0, suffix));
    return Responses.message(404, "Pod '" + pod + "' does not exist");
  }
}
