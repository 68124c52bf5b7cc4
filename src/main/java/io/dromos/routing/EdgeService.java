package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One port of an app as the edge serves it: what marathon-lb calls a backend, reached through
 * virtual hosts, a service port and the app id alike (marathon-lb reference, 4 to 6).
 *
 * @param name {@code team_api_10002}: app id without its first slash, {@code _} for the others, and
 *     the port
 * @param app the app; of a deployment group, {@code /} and the group's name
 * @param port service port after {@code HAPROXY_n_PORT}; 0 when the app has none
 * @param policy what labels decide, wherever a request enters
 * @param probe how the edge asks backends for life; null: they are taken as alive
 * @param backends by host text, then port; some of them perhaps not accepting
 */
public record EdgeService(
    String name,
    AppId app,
    int portIndex,
    int port,
    ServicePort.Mode mode,
    EdgePolicy policy,
    @Nullable EdgeProbe probe,
    List<Backend> backends) {
  public EdgeService {
    backends = List.copyOf(backends);
  }

  /** A service without any label of its own. */
  public static EdgeService plain(
      AppId app, int portIndex, int port, ServicePort.Mode mode, List<Backend> backends) {
    return new EdgeService(
        name(app, port), app, portIndex, port, mode, EdgePolicy.PLAIN, null, backends);
  }

  /** Marathon-lb's name of the service at this port. */
  public static String name(AppId app, int port) {
    return app.path().substring(1).replace('/', '_') + "_" + port;
  }

  /** Somebody would answer a request now. */
  public boolean accepting() {
    return backends.stream().anyMatch(Backend::accepting);
  }
}
