package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host, and perhaps a path prefix, that leads to one port of an app.
 *
 * @param host lower case, without scheme, port or slash
 * @param path raw prefix of the request path; null for all paths
 * @param weight larger is matched first
 */
public record VhostRoute(
    String host,
    @Nullable String path,
    int weight,
    AppId app,
    int portIndex,
    int servicePort,
    List<Backend> backends) {
  public VhostRoute {
    backends = List.copyOf(backends);
  }
}
