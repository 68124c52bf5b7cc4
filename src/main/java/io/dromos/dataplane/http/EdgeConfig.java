package io.dromos.dataplane.http;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where and how the edge listens.
 *
 * @param address to listen on; a wildcard means every address of the machine outside {@code
 *     vipPool}
 * @param httpPort vhost port that somebody asked for; empty: {@link #DEFAULT_PORT}, else {@link
 *     #FALLBACK_PORT}
 * @param vipPool CIDR whose addresses belong to VIPs, never to the edge
 * @param threads event loops
 */
public record EdgeConfig(
    String address, OptionalInt httpPort, String vipPool, int threads, ProxyLimits limits) {
  public static final int DEFAULT_PORT = 80;
  public static final int FALLBACK_PORT = 8000;

  public static EdgeConfig from(Settings settings) {
    return new EdgeConfig(
        settings.text(Setting.EDGE_ADDRESS),
        settings.optionalInteger(Setting.EDGE_HTTP_PORT, 1, 65535),
        settings.text(Setting.VIP_LOCAL_POOL),
        Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors())),
        ProxyLimits.DEFAULT);
  }

  /** Vhost ports to try, in order. */
  List<Integer> ports() {
    return httpPort.isPresent()
        ? List.of(httpPort.getAsInt())
        : List.of(DEFAULT_PORT, FALLBACK_PORT);
  }
}
