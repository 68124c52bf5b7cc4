package io.dromos.routing;

import io.dromos.app.AppSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code HAPROXY_*} labels of one port of an app, read as marathon-lb reads them (marathon-lb
 * reference, 7 and 8), with the differences that ADR 0019 lists. A value that means nothing opens
 * nothing: what a broken guard was to protect stays shut.
 */
final class EdgeLabels {
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
  private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]*");
  private static final Pattern TARGET = Pattern.compile("(/|https?://)[\\x21-\\x7e]*");

  private final LabelReader reader;
  private final TemplateLabels templates;
  private final Set<String> groups;
  private final List<String> named;
  private final List<String> paths;
  private final boolean ignoreCase;
  private final boolean enabledByLabel;
  private final boolean enabledByDefault;
  private final int weight;
  private final int port;
  private final ServicePort.@Nullable Mode mode;
  private final boolean redirectToHttps;
  private final boolean guarded;
  private final @Nullable BasicAuth auth;
  private final boolean shutToAll;
  private final boolean shutPort;
  private final @Nullable String bindAddress;
  private final BindOptions bind;
  private final @Nullable Integer healthPortIndex;
  private final EdgePolicy policy;

  EdgeLabels(AppSpec app, int index) {
    reader = new LabelReader(app, index);
    groups = groups(app);
    enabledByDefault = reader.text(EdgeLabel.ENABLED) == null;
    enabledByLabel = reader.flag(EdgeLabel.ENABLED, false);
    named = hosts();
    ignoreCase = words(EdgeLabel.PATH).contains("-i");
    paths = paths();
    int wanted = reader.integer(EdgeLabel.BACKEND_WEIGHT, 0, -999_999_999, 999_999_999);
    weight = wanted == 0 && !paths.isEmpty() ? 1 : wanted;
    port = reader.integer(EdgeLabel.PORT, app.ports().get(index).servicePort(), 1, 65535);
    mode = mode();
    redirectToHttps = reader.flag(EdgeLabel.REDIRECT_TO_HTTPS, false);
    guarded = reader.text(EdgeLabel.AUTH) != null;
    auth = auth();
    bindAddress = bindAddress();
    bind = BindOptions.read(reader);
    shutPort = isMalformed(EdgeLabel.BIND_ADDR) || isMalformed(EdgeLabel.SSL_CERT);
    healthPortIndex = healthPortIndex();
    templates = new TemplateLabels(reader, named, !paths.isEmpty() || guarded);
    List<String> allowed = allowedNetworks();
    shutToAll = isMalformed(EdgeLabel.BACKEND_NETWORK_ALLOWED_ACL);
    policy =
        new EdgePolicy(
            BalanceLabel.read(reader),
            reader.flag(EdgeLabel.STICKY, false) ? templates.stickyCookie() : null,
            reader.flag(EdgeLabel.USE_HSTS, false),
            allowed,
            templates.hosts(),
            proxyPass(),
            target(EdgeLabel.HTTP_BACKEND_REVPROXY_PATH),
            target(EdgeLabel.HTTP_BACKEND_REDIR),
            templates.sendProxy(),
            templates.serverTimeoutSeconds());
    rest();
  }

  List<LabelFinding> findings() {
    return reader.findings();
  }

  private boolean isMalformed(EdgeLabel label) {
    return reader.findings().stream()
        .anyMatch(
            found ->
                found.kind() == LabelFinding.Kind.MALFORMED
                    && found.label().equals(label.key(reader.index())));
  }

  /** The port's own label, else the app's; lists are not trimmed. */
  private static Set<String> split(String groups) {
    Set<String> all = new LinkedHashSet<>(List.of(groups.split(",", -1)));
    all.remove("");
    return all;
  }

  private Set<String> groups(AppSpec app) {
    String own = reader.text(EdgeLabel.GROUP);
    String value = own == null ? app.labels().get(EdgeLabel.GROUP.key()) : own;
    return value == null ? Set.of() : split(value);
  }

  boolean inGroup(Set<String> edgeGroups) {
    return edgeGroups.contains("*") || groups.stream().anyMatch(edgeGroups::contains);
  }

  /** {@code strict}: only what says so is served. */
  boolean enabled(boolean strict) {
    return enabledByDefault ? !strict : enabledByLabel;
  }

  private List<String> hosts() {
    String value = reader.text(EdgeLabel.VHOST);
    Set<String> hosts = new LinkedHashSet<>();
    if (value != null) {
      for (String part : value.split(",")) {
        String host = bareHost(part);
        if (host.length() <= 253 && HOST.matcher(host).matches()) {
          hosts.add(host);
        } else if (!part.isBlank()) {
          reader.malformed(EdgeLabel.VHOST, "'" + part.strip() + "' is not a host name");
        }
      }
    }
    return List.copyOf(hosts);
  }

  /** {@code http://A.example.com:80/} as {@code a.example.com}. */
  static String bareHost(String text) {
    String host = text.strip().toLowerCase(Locale.ROOT);
    int scheme = host.indexOf("://");
    if (scheme >= 0) {
      host = host.substring(scheme + 3);
    }
    int slash = host.indexOf('/');
    if (slash >= 0) {
      host = host.substring(0, slash);
    }
    int colon = host.indexOf(':');
    if (colon >= 0) {
      host = host.substring(0, colon);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private List<String> words(EdgeLabel label) {
    String value = reader.text(label);
    return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }

  private List<String> paths() {
    List<String> found = new ArrayList<>();
    for (String word : words(EdgeLabel.PATH)) {
      if (PATH.matcher(word).matches()) {
        found.add(word);
      } else if (!word.equals("-i")) {
        reader.malformed(
            EdgeLabel.PATH,
            word.startsWith("-")
                ? "of HAProxy's flags only -i is supported, not " + word
                : "'" + word + "' never matches; a path begins with /");
      }
    }
    return List.copyOf(found);
  }

  private ServicePort.@Nullable Mode mode() {
    String value = reader.text(EdgeLabel.MODE);
    if (value == null) {
      return null;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (!lower.equals("tcp") && !lower.equals("http")) {
      reader.malformed(EdgeLabel.MODE, "'" + value + "' is neither tcp nor http");
      return null;
    }
    return lower.equals("tcp") ? ServicePort.Mode.TCP : ServicePort.Mode.HTTP;
  }

  private @Nullable BasicAuth auth() {
    String value = reader.text(EdgeLabel.AUTH);
    if (value == null) {
      return null;
    }
    String[] parts = value.split(":", -1);
    if (parts.length != 3 || parts[1].isEmpty()) {
      reader.malformed(EdgeLabel.AUTH, "it has the form realm:user:hash, with two colons");
      return null;
    }
    if (parts[0].chars().anyMatch(c -> c < ' ' || c >= 127)) {
      reader.malformed(EdgeLabel.AUTH, "the realm holds a character no header has");
      return null;
    }
    String problem = PasswordHash.problem(parts[2]);
    if (problem != null) {
      reader.malformed(EdgeLabel.AUTH, problem);
      return null;
    }
    return new BasicAuth(parts[0], parts[1], parts[2]);
  }

  private @Nullable String bindAddress() {
    String value = reader.text(EdgeLabel.BIND_ADDR);
    if (value == null || Set.of("*", "0.0.0.0", "::").contains(value.strip())) {
      return null;
    }
    if (IpBytes.parse(value.strip()) == null) {
      reader.malformed(EdgeLabel.BIND_ADDR, "'" + value + "' is not an address");
    }
    return value.strip();
  }

  private @Nullable Integer healthPortIndex() {
    int ports = reader.app().ports().size();
    int index = reader.integer(EdgeLabel.BACKEND_HEALTHCHECK_PORT_INDEX, -1, 0, ports - 1);
    return index < 0 ? null : index;
  }

  private List<String> allowedNetworks() {
    String value = reader.text(EdgeLabel.BACKEND_NETWORK_ALLOWED_ACL);
    List<String> networks = words(EdgeLabel.BACKEND_NETWORK_ALLOWED_ACL);
    if (value != null) {
      try {
        ClientNetworks.parse(networks);
        if (networks.isEmpty()) {
          reader.malformed(
              EdgeLabel.BACKEND_NETWORK_ALLOWED_ACL, "it names no network; leave it out for all");
        }
      } catch (IllegalArgumentException e) {
        reader.malformed(EdgeLabel.BACKEND_NETWORK_ALLOWED_ACL, String.valueOf(e.getMessage()));
      }
    }
    return networks;
  }

  private @Nullable String proxyPass() {
    String value = reader.text(EdgeLabel.HTTP_BACKEND_PROXYPASS_PATH);
    if (value == null) {
      return null;
    }
    try {
      LinePattern.parse(value);
      return value;
    } catch (IllegalArgumentException e) {
      reader.malformed(EdgeLabel.HTTP_BACKEND_PROXYPASS_PATH, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable String target(EdgeLabel label) {
    String value = reader.text(label);
    if (value != null && !TARGET.matcher(value.strip()).matches()) {
      reader.malformed(label, "'" + value + "' is neither a path that begins with / nor a URL");
      return null;
    }
    return value == null ? null : value.strip();
  }

  /** Says which further labels of this port have no effect. */
  private void rest() {
    String prefix = "HAPROXY_" + reader.index() + "_";
    for (Map.Entry<String, String> label : reader.app().labels().entrySet()) {
      if (label.getKey().startsWith(prefix)) {
        EdgeLabel.ofPort(label.getKey().substring(prefix.length()))
            .filter(known -> known.support() == EdgeLabel.Support.TEMPLATE)
            .ifPresent(
                known ->
                    reader.unsupported(known, "raw HAProxy text is kept, but has no effect here"));
      }
    }
    if (named.isEmpty()) {
      for (EdgeLabel needy : List.of(EdgeLabel.PATH, EdgeLabel.AUTH, EdgeLabel.REDIRECT_TO_HTTPS)) {
        if (reader.text(needy) != null) {
          reader.note(needy, "without HAPROXY_" + reader.index() + "_VHOST it has no effect");
        }
      }
    } else if (guarded) {
      reader.note(
          EdgeLabel.AUTH,
          "it guards the virtual host alone; the service port and app id routes stay open");
    }
  }

  /** Names the port is served under: exact, {@code *.suffix} or {@code ~pattern}. */
  List<String> vhosts() {
    return (guarded && auth == null) || shutToAll ? List.of() : templates.hosts();
  }

  /** Path prefixes; empty: all paths. */
  List<String> pathPrefixes() {
    return paths;
  }

  boolean ignoresCase() {
    return ignoreCase;
  }

  int weight() {
    return weight;
  }

  /** Where the service port is opened: the label, else the app's own port. */
  int port() {
    return port;
  }

  /** What the label says, if it says anything. */
  ServicePort.@Nullable Mode modeOfLabel() {
    return mode;
  }

  boolean isNamed() {
    return !named.isEmpty();
  }

  boolean redirectsToHttps() {
    return redirectToHttps;
  }

  @Nullable BasicAuth basicAuth() {
    return auth;
  }

  /** False when nothing of the port may be reached, since nobody knows by whom. */
  boolean opensAnything() {
    return !shutToAll;
  }

  /** False when it is to be reached by its virtual hosts alone, or nobody knows where. */
  boolean opensServicePort() {
    return !shutPort && !shutToAll && !templates.hidesServicePort();
  }

  @Nullable String bindAddressOfPort() {
    return bindAddress;
  }

  BindOptions bindOptions() {
    return bind;
  }

  /** Index of the port whose check, and which itself, is used to ask for life. */
  @Nullable Integer healthPort() {
    return healthPortIndex;
  }

  EdgePolicy policy() {
    return policy;
  }
}
