package io.dromos.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** {@code /v2/plugins}: there are none, and marathon-ui asks (marathon-api reference, 1.12). */
@Path("plugins")
@Produces(MediaType.APPLICATION_JSON)
public class PluginsResource {
  @GET
  public Response list() {
    return Responses.ok(Map.of("plugins", List.of()));
  }
}
