package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the name server was told.
 *
 * @param listeners where it listens, over UDP and TCP
 * @param upstreams servers for other names
 * @param forwardFor whose questions about other names are passed on
 * @param components names of {@link Suffixes#COMPONENT}, each to an address or to a name of ours
 * @param suffixes under which the zones are asked for
 * @param attemptMillis limit of one upstream server's answer
 * @param overallMillis limit of all of them together
 */
record DnsConfig(
    List<InetSocketAddress> listeners,
    Upstreams upstreams,
    Predicate<InetAddress> forwardFor,
    Map<String, String> components,
    Suffixes suffixes,
    int attemptMillis,
    int overallMillis) {
  private static final Pattern LABELS =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");

  /**
   * From the settings; port 0 must have been taken for "none" before.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  static DnsConfig from(Settings settings) {
    int port = settings.integer(Setting.DNS_PORT, 1, 65_535);
    List<InetSocketAddress> listeners =
        settings.list(Setting.DNS_ADDRESS).stream()
            .map(text -> Endpoints.parse(Setting.DNS_ADDRESS, text, port))
            .distinct()
            .toList();
    String clusterId = settings.text(Setting.DNS_CLUSTER_ID).toLowerCase(Locale.ROOT);
    if (!clusterId.isEmpty() && (clusterId.contains(".") || !LABELS.matcher(clusterId).matches())) {
      throw new Settings.InvalidSettingException(
          Setting.DNS_CLUSTER_ID.key()
              + "="
              + clusterId
              + ": give the id alone, the part before .dcos.directory");
    }
    Suffixes suffixes = new Suffixes(clusterId);
    return new DnsConfig(
        listeners,
        Upstreams.of(settings, Path.of("/etc/resolv.conf"), listeners, suffixes),
        ForwardClients.of(settings),
        components(settings, suffixes),
        suffixes,
        5_000,
        10_000);
  }

  private static Map<String, String> components(Settings settings, Suffixes suffixes) {
    Map<String, String> components = new LinkedHashMap<>();
    for (String entry : settings.list(Setting.DNS_COMPONENTS)) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      String target = entry.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
      boolean usable =
          Zones.bytes(target) != null
              || (LABELS.matcher(target).matches() && suffixes.place(target).isPresent());
      if (!LABELS.matcher(name).matches() || !usable) {
        throw new Settings.InvalidSettingException(
            Setting.DNS_COMPONENTS.key()
                + "="
                + entry
                + ": give NAME=ADDRESS or NAME=a name of this name server, such as"
                + " registry=master.mesos");
      }
      components.put(name + "." + Suffixes.COMPONENT, target);
    }
    return components;
  }
}
