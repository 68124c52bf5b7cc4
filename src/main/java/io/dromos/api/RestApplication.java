package io.dromos.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The REST API under {@code /v2}; resources and providers are found by their annotations. */
@ApplicationPath("/v2")
public class RestApplication extends Application {
  @Override
  public Map<String, Object> getProperties() {
    return Map.of(
        // Any name but the default one: keeps the server's JSON binding out, ours is JsonBody.
        "jersey.config.jsonFeature", "DromosJson",
        "jersey.config.server.wadl.disableWadl", true,
        // Without it the container replaces our error bodies by its HTML pages.
        "jersey.config.server.response.setStatusOverSendError", true);
  }
}
