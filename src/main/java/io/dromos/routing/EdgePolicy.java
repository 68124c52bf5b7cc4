package io.dromos.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the labels of one port decide for every request, wherever it enters (marathon-lb reference,
 * 8.2 and 10). All but {@code balance}, {@code allowedNetworks} and {@code sendProxy} matter in
 * HTTP mode alone.
 *
 * @param balance which backend comes next
 * @param stickyCookie name of the cookie that binds a client to a backend; null: none
 * @param hsts every answer carries {@code Strict-Transport-Security}
 * @param allowedNetworks CIDRs of the clients that may come in, by their TCP address; empty: all
 * @param hosts the names of the {@code VHOST} label, as routes have them
 * @param proxyPass prefix that is cut from paths, a {@link LinePattern}; null: none
 * @param locationPath what a {@code Location} that points at the app itself becomes; null: kept
 * @param rootRedirect where {@code /} of a virtual host redirects to; null: nowhere
 * @param sendProxy version of the PROXY protocol spoken to backends; 0: none
 * @param serverTimeoutSeconds how long an answer may take or stall; null: the edge's own limit
 */
public record EdgePolicy(
    Balance balance,
    @Nullable String stickyCookie,
    boolean hsts,
    List<String> allowedNetworks,
    List<String> hosts,
    @Nullable String proxyPass,
    @Nullable String locationPath,
    @Nullable String rootRedirect,
    int sendProxy,
    @Nullable Integer serverTimeoutSeconds) {
  /** Of ports without such labels, and of VIPs. */
  public static final EdgePolicy PLAIN =
      new EdgePolicy(Balance.TURNS, null, false, List.of(), List.of(), null, null, null, 0, null);

  public EdgePolicy {
    allowedNetworks = List.copyOf(allowedNetworks);
    hosts = List.copyOf(hosts);
  }
}
