package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual host, and perhaps a path prefix, that leads to one port of an app.
 *
 * @param host lower case, without scheme, port or slash; {@code *.example.com} for every name that
 *     ends so, {@code ~pattern} for every name in which the {@link LinePattern} is found
 * @param path raw prefix of the request path; null for all paths
 * @param ignoreCase {@code path} is compared without case
 * @param weight larger is matched first
 * @param redirectToHttps plain requests are sent to the same URL under https
 * @param auth who may enter; null: everybody
 * @param service where it leads
 */
public record VhostRoute(
    String host,
    @Nullable String path,
    boolean ignoreCase,
    int weight,
    boolean redirectToHttps,
    @Nullable BasicAuth auth,
    EdgeService service) {
  /** A route without further labels. */
  public static VhostRoute plain(
      String host, @Nullable String path, int weight, EdgeService service) {
    return new VhostRoute(host, path, false, weight, false, null, service);
  }

  public AppId app() {
    return service.app();
  }

  public int portIndex() {
    return service.portIndex();
  }

  public int servicePort() {
    return service.port();
  }

  public List<Backend> backends() {
    return service.backends();
  }
}
