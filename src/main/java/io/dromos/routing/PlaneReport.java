package io.dromos.routing;

import java.util.Map;

/**
 * What a plane serves after it applied a snapshot.
 *
 * @param degraded frontends it cannot serve, each with a sentence and the fix
 */
public record PlaneReport(Map<String, String> degraded) {
  public static final PlaneReport ALL_SERVED = new PlaneReport(Map.of());

  public PlaneReport {
    degraded = Map.copyOf(degraded);
  }
}
