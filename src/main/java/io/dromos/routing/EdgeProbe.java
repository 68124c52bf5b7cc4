package io.dromos.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edge's own check of the backends of a service, beside the verdict of the app's health checks
 * (marathon-lb reference, 11).
 *
 * @param path what is asked for with GET, 2xx and 3xx being good; null: a TCP connect is enough
 * @param intervalSeconds from one probe to the next
 * @param timeoutSeconds of one probe
 * @param failures so many in a row take a backend out; two good ones bring it back
 * @param ports what is probed of each backend, in their order
 */
public record EdgeProbe(
    @Nullable String path,
    int intervalSeconds,
    int timeoutSeconds,
    int failures,
    List<Integer> ports) {
  public EdgeProbe {
    ports = List.copyOf(ports);
  }
}
