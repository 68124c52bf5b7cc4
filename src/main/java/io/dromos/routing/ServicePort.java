package io.dromos.routing;

import io.dromos.app.AppId;
import java.util.List;

/**
 * A public service port of one app port, for the edge. Present only while there is a backend, so
 * that an app without tasks refuses connections (marathon-lb reference, 9).
 */
public record ServicePort(int port, Mode mode, AppId app, int portIndex, List<Backend> backends) {
  /** Proxy mode. */
  public enum Mode {
    TCP,
    HTTP
  }

  public ServicePort {
    backends = List.copyOf(backends);
  }
}
