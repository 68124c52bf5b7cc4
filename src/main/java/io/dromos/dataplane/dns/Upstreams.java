package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which name servers know a name that we don't: those of the longest forward zone it lies in, else
 * those for all other names (service-discovery reference, 2.1).
 */
final class Upstreams {
  private static final int PORT = 53;

  private final Map<String, List<InetSocketAddress>> zones;
  private final Supplier<List<InetSocketAddress>> others;

  /**
   * @param zones lower case, without the final dot
   * @param others asked at each query, on the loop
   */
  Upstreams(Map<String, List<InetSocketAddress>> zones, Supplier<List<InetSocketAddress>> others) {
    this.zones = Map.copyOf(zones);
    this.others = others;
  }

  /**
   * {@code dromos.dns.forward.zones}, and {@code dromos.dns.upstream}, else the {@code nameserver}
   * lines of {@code resolvConf}, read again as they change; this server itself is left out.
   *
   * @param own where this server listens
   * @param suffixes what this server knows itself
   * @throws Settings.InvalidSettingException for an entry that is no address, and for a forward
   *     zone that is ours
   */
  static Upstreams of(
      Settings settings, Path resolvConf, List<InetSocketAddress> own, Suffixes suffixes) {
    Map<String, List<InetSocketAddress>> zones = new HashMap<>();
    for (String entry : settings.list(Setting.DNS_FORWARD_ZONES)) {
      int equals = entry.indexOf('=');
      String zone = equals < 0 ? "" : bare(entry.substring(0, equals).strip());
      if (zone.isEmpty()) {
        throw new Settings.InvalidSettingException(
            Setting.DNS_FORWARD_ZONES.key()
                + "="
                + entry
                + ": give ZONE=ADDRESS, such as corp.example=10.0.0.1");
      }
      if (suffixes.isReserved(zone)) {
        throw new Settings.InvalidSettingException(
            Setting.DNS_FORWARD_ZONES.key()
                + "="
                + entry
                + ": "
                + zone
                + " is a zone of this name server, which is never asked of another; remove it");
      }
      InetSocketAddress server =
          Endpoints.parse(Setting.DNS_FORWARD_ZONES, entry.substring(equals + 1).strip(), PORT);
      List<InetSocketAddress> servers = zones.computeIfAbsent(zone, key -> new ArrayList<>());
      if (!servers.contains(server)) {
        servers.add(server);
      }
    }
    if (settings.explicit(Setting.DNS_UPSTREAM).isEmpty()) {
      ResolvConf file =
          new ResolvConf(resolvConf, server -> !isOneOf(server, own), System::nanoTime);
      return new Upstreams(zones, file::servers);
    }
    List<InetSocketAddress> others =
        settings.list(Setting.DNS_UPSTREAM).stream()
            .map(text -> Endpoints.parse(Setting.DNS_UPSTREAM, text, PORT))
            .filter(server -> !isOneOf(server, own))
            .distinct()
            .toList();
    return new Upstreams(zones, () -> others);
  }

  private static String bare(String zone) {
    String lower = zone.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Servers to ask for a name; may be empty. */
  List<InetSocketAddress> of(String name) {
    if (!zones.isEmpty()) {
      for (int at = 0; at >= 0 && at < name.length(); at = next(name, at)) {
        List<InetSocketAddress> servers = zones.get(name.substring(at));
        if (servers != null) {
          return servers;
        }
      }
    }
    return others.get();
  }

  private static int next(String name, int at) {
    int dot = name.indexOf('.', at);
    return dot < 0 ? -1 : dot + 1;
  }

  private static boolean isOneOf(InetSocketAddress server, List<InetSocketAddress> own) {
    return own.stream().anyMatch(listener -> isSame(server, listener));
  }

  private static boolean isSame(InetSocketAddress server, InetSocketAddress own) {
    if (server.getPort() != own.getPort()) {
      return false;
    }
    if (server.getAddress().equals(own.getAddress())) {
      return true;
    }
    try {
      return own.getAddress().isAnyLocalAddress()
          && (server.getAddress().isLoopbackAddress()
              || NetworkInterface.getByInetAddress(server.getAddress()) != null);
    } catch (SocketException e) {
      return false;
    }
  }
}
