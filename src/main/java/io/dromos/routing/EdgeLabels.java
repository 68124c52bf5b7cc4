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
 * reference, 7 and 8) but for the hosts of {@code VHOST}, which may carry a scheme, a port and a
 * slash (ADR 0011).
 */
final class EdgeLabels {
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  /** Labels that restrict access: while they are not honoured, what they guard is not opened. */
  private static final Set<String> GUARDS_VHOST = Set.of("AUTH");

  private static final Set<String> GUARDS_PORT = Set.of("SSL_CERT");
  private static final Set<String> GUARDS_ALL = Set.of("BACKEND_NETWORK_ALLOWED_ACL");

  private static final Set<String> HONOURED =
      Set.of("GROUP", "ENABLED", "VHOST", "PATH", "BACKEND_WEIGHT", "MODE", "PORT", "BIND_ADDR");

  private final AppSpec app;
  private final int index;
  private final Warnings warnings;

  EdgeLabels(AppSpec app, int index, Warnings warnings) {
    this.app = app;
    this.index = index;
    this.warnings = warnings;
  }

  private @Nullable String text(String name) {
    return app.labels().get("HAPROXY_" + index + "_" + name);
  }

  private void warn(String name, String sentence) {
    warnings.add(app.id(), "label HAPROXY_" + index + "_" + name + ": " + sentence);
  }

  /** In one of the groups: the port's own label, else the app's; lists are not trimmed. */
  boolean inGroup(Set<String> edgeGroups) {
    if (edgeGroups.contains("*")) {
      return true;
    }
    String own = text("GROUP");
    String groups = own == null ? app.labels().get("HAPROXY_GROUP") : own;
    if (groups == null) {
      return false;
    }
    for (String group : groups.split(",", -1)) {
      if (!group.isEmpty() && edgeGroups.contains(group)) {
        return true;
      }
    }
    return false;
  }

  /** {@code strict}: only what says so is served. */
  boolean enabled(boolean strict) {
    String value = text("ENABLED");
    return value == null ? !strict : isTrue(value);
  }

  /** True is {@code true t yes y} in any case, nothing else. */
  static boolean isTrue(String value) {
    return Set.of("true", "t", "yes", "y").contains(value.toLowerCase(Locale.ROOT));
  }

  /** Names of the vhost label, lower case and bare; names that cannot match are said and left. */
  List<String> vhosts() {
    String value = text("VHOST");
    Set<String> hosts = new LinkedHashSet<>();
    if (value != null) {
      for (String part : value.split(",")) {
        String host = bareHost(part);
        if (HOST.matcher(host).matches()) {
          hosts.add(host);
        } else if (!part.isBlank()) {
          warn("VHOST", "'" + part.strip() + "' is not a host name and never matches");
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

  /** Blank-separated path prefixes; empty without the label. */
  List<String> paths() {
    String value = text("PATH");
    List<String> paths = new ArrayList<>();
    if (value != null) {
      for (String part : value.strip().split("\\s+")) {
        if (part.startsWith("-")) {
          warn("PATH", "flag " + part + " is not supported: paths match case and all");
        } else if (!part.isEmpty()) {
          paths.add(part);
        }
      }
    }
    return paths;
  }

  /** Order of vhost rules; with a path, 0 counts as 1. */
  int weight(boolean hasPath) {
    int weight = integer("BACKEND_WEIGHT", 0);
    return hasPath && weight == 0 ? 1 : weight;
  }

  /** Where the service port is opened: the label, else the app's own port. */
  int port(int servicePort) {
    int port = integer("PORT", servicePort);
    if (port < 1 || port > 65535) {
      warn("PORT", port + " is not a port; " + servicePort + " is used");
      return servicePort;
    }
    return port;
  }

  private int integer(String name, int absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      warn(name, "'" + value + "' is not a whole number; " + absent + " is used");
      return absent;
    }
  }

  /** The label, else {@code byRule}. */
  ServicePort.Mode mode(ServicePort.Mode byRule) {
    String value = text("MODE");
    if (value == null) {
      return byRule;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "tcp" -> ServicePort.Mode.TCP;
      case "http" -> ServicePort.Mode.HTTP;
      default -> {
        warn("MODE", "'" + value + "' is neither tcp nor http");
        yield byRule;
      }
    };
  }

  /** False when a guard that is not honoured, or an empty frontend template, keeps it shut. */
  boolean opensServicePort() {
    if ("".equals(text("FRONTEND_HEAD")) && "".equals(text("FRONTEND_BACKEND_GLUE"))) {
      return false;
    }
    String address = text("BIND_ADDR");
    if (address != null && !address.equals("*") && !address.equals("0.0.0.0")) {
      warn("BIND_ADDR", "not supported, so the service port is not opened");
      return false;
    }
    return unguarded(GUARDS_PORT, "the service port is not opened")
        && unguarded(GUARDS_ALL, "the port is not exposed");
  }

  /** As {@link #opensServicePort}, for the vhost routes. */
  boolean opensVhosts() {
    return unguarded(GUARDS_VHOST, "the vhost is not served")
        && unguarded(GUARDS_ALL, "the port is not exposed");
  }

  private boolean unguarded(Set<String> guards, String consequence) {
    for (String guard : guards) {
      if (text(guard) != null) {
        warn(guard, "not supported, so " + consequence);
        return false;
      }
    }
    return true;
  }

  /** Says which further labels of this port have no effect. */
  void warnUnsupported() {
    String prefix = "HAPROXY_" + index + "_";
    for (Map.Entry<String, String> label : app.labels().entrySet()) {
      if (label.getKey().startsWith(prefix)) {
        String name = label.getKey().substring(prefix.length());
        boolean guard =
            GUARDS_ALL.contains(name) || GUARDS_PORT.contains(name) || GUARDS_VHOST.contains(name);
        if (!HONOURED.contains(name) && !guard) {
          warn(name, "not supported, so it has no effect");
        }
      }
    }
  }

  /** Reads every label for the warnings alone; true when something of the port would be open. */
  boolean readAll() {
    warnUnsupported();
    int port = port(1);
    boolean open = opensServicePort() && mode(ServicePort.Mode.TCP) != null && port > 0;
    boolean named = opensVhosts() && !vhosts().isEmpty() && weight(!paths().isEmpty()) >= 0;
    return open || named;
  }
}
