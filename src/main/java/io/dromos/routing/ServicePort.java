package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A public service port of one app port, for the edge. Present only while there is a backend, so
 * that an app without tasks refuses connections (marathon-lb reference, 9).
 *
 * @param bindAddress the one address of the edge it is opened at; null: all of them
 * @param certificate file with the certificate and key, or a name the edge knows them by: the port
 *     speaks TLS only; null: plain
 * @param acceptProxy clients begin with a PROXY protocol header
 * @param service where it leads
 */
public record ServicePort(
    int port,
    @Nullable String bindAddress,
    @Nullable String certificate,
    boolean acceptProxy,
    EdgeService service) {
  /** Proxy mode. */
  public enum Mode {
    TCP,
    HTTP
  }

  /** A port without further labels. */
  public static ServicePort plain(int port, EdgeService service) {
    return new ServicePort(port, null, null, false, service);
  }

  public Mode mode() {
    return service.mode();
  }

  public AppId app() {
    return service.app();
  }

  public int portIndex() {
    return service.portIndex();
  }

  public List<Backend> backends() {
    return service.backends();
  }
}
