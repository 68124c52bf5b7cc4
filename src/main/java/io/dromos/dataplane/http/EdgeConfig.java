package io.dromos.dataplane.http;

import io.dromos.dataplane.tls.TlsConfig;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where and how the edge listens.
 *
 * @param address to listen on; a wildcard means every address of the machine outside {@code
 *     vipPool}
 * @param httpPort vhost port that somebody asked for, 0 for none; empty: {@link #DEFAULT_PORT},
 *     else {@link #FALLBACK_PORT}
 * @param httpsPort the same under TLS; empty: {@link #DEFAULT_HTTPS_PORT}, else {@link
 *     #FALLBACK_HTTPS_PORT}
 * @param vipPool CIDR whose addresses belong to VIPs, never to the edge
 * @param threads event loops
 * @param maxConnections of clients at once; further ones wait to be accepted
 */
public record EdgeConfig(
    String address,
    OptionalInt httpPort,
    OptionalInt httpsPort,
    TlsConfig tls,
    String vipPool,
    int threads,
    int maxConnections,
    ProxyLimits limits) {
  public static final int DEFAULT_PORT = 80;
  public static final int FALLBACK_PORT = 8000;
  public static final int DEFAULT_HTTPS_PORT = 443;
  public static final int FALLBACK_HTTPS_PORT = 8443;

  public static EdgeConfig from(Settings settings) {
    return new EdgeConfig(
        settings.text(Setting.EDGE_ADDRESS),
        settings.optionalInteger(Setting.EDGE_HTTP_PORT, 0, 65535),
        settings.optionalInteger(Setting.EDGE_HTTPS_PORT, 0, 65535),
        tls(settings),
        settings.text(Setting.VIP_LOCAL_POOL),
        Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors())),
        settings.integer(Setting.EDGE_MAX_CONNECTIONS, 1, 10_000_000),
        ProxyLimits.DEFAULT);
  }

  private static TlsConfig tls(Settings settings) {
    List<String> names = new ArrayList<>();
    settings
        .explicit(Setting.NODE_NAME)
        .filter(name -> name.matches("[A-Za-z0-9.-]+"))
        .ifPresent(names::add);
    names.add("localhost");
    names.add("127.0.0.1");
    settings.explicit(Setting.NODE_ADDRESS).ifPresent(names::add);
    return new TlsConfig(
        settings.list(Setting.EDGE_CERTIFICATES).stream()
            .map(text -> Path.of(text).toAbsolutePath().normalize())
            .toList(),
        settings.path(Setting.DATA_DIR).resolve("edge").resolve("self-signed.pem"),
        names.stream().distinct().toList());
  }

  /** Vhost ports to try, in order; none where it is switched off. */
  List<Integer> ports() {
    return candidates(httpPort, DEFAULT_PORT, FALLBACK_PORT);
  }

  /** As {@link #ports}, for TLS. */
  List<Integer> httpsPorts() {
    return candidates(httpsPort, DEFAULT_HTTPS_PORT, FALLBACK_HTTPS_PORT);
  }

  private static List<Integer> candidates(OptionalInt asked, int usual, int instead) {
    if (asked.isEmpty()) {
      return List.of(usual, instead);
    }
    return asked.getAsInt() == 0 ? List.of() : List.of(asked.getAsInt());
  }
}
