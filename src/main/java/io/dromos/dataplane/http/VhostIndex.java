package io.dromos.dataplane.http;

import io.dromos.routing.BasicAuth;
import io.dromos.routing.HostPattern;
import io.dromos.routing.VhostRoute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Virtual hosts by name: the name itself, then the longest {@code *suffix}, then patterns. Routes
 * of one host are tried in snapshot order; where none has the path, the next kind of host is.
 */
final class VhostIndex {
  private record PathRoute(
      @Nullable String path,
      boolean ignoreCase,
      boolean redirects,
      @Nullable BasicAuth auth,
      Frontend frontend) {
    boolean matches(String asked) {
      return path == null || asked.regionMatches(ignoreCase, 0, path, 0, path.length());
    }
  }

  /** The routes of one host. */
  private static final class Host {
    final HostPattern pattern;
    final List<PathRoute> routes = new ArrayList<>();
    boolean plain = true;

    Host(HostPattern pattern) {
      this.pattern = pattern;
    }
  }

  private final Map<String, Host> byName = new HashMap<>();
  private final List<Host> patterns = new ArrayList<>();

  VhostIndex(List<VhostRoute> routes, Function<VhostRoute, Frontend> frontends) {
    Map<String, Host> hosts = new LinkedHashMap<>();
    for (VhostRoute route : routes) {
      Host host =
          hosts.computeIfAbsent(route.host(), text -> new Host(HostPattern.of(route.host())));
      boolean redirects = route.redirectToHttps() && route.service().accepting();
      host.plain &= !redirects && route.auth() == null;
      host.routes.add(
          new PathRoute(
              route.path(), route.ignoreCase(), redirects, route.auth(), frontends.apply(route)));
    }
    hosts.forEach(
        (text, host) -> {
          if (host.pattern.isName()) {
            byName.put(text, host);
          }
        });
    hosts.entrySet().stream()
        .filter(entry -> !entry.getValue().pattern.isName())
        .sorted(
            Comparator.comparing((Map.Entry<String, Host> entry) -> entry.getKey().startsWith("~"))
                .thenComparing(entry -> -entry.getKey().length())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> patterns.add(entry.getValue()));
  }

  /** Some route has this host. */
  boolean knows(String name) {
    return byName.containsKey(name)
        || patterns.stream().anyMatch(host -> host.pattern.matches(name));
  }

  /**
   * Where a request goes.
   *
   * @param name lower case, without port
   * @param httpsPort where redirects point to
   */
  RouteDecision decide(String name, RequestHead head, HeaderRewrite.Origin origin, int httpsPort) {
    String path = head.path();
    Host named = byName.get(name);
    RouteDecision decision = named == null ? null : decide(named, path, head, origin, httpsPort);
    boolean known = named != null;
    for (int i = 0; decision == null && i < patterns.size(); i++) {
      Host host = patterns.get(i);
      if (host.pattern.matches(name)) {
        known = true;
        decision = decide(host, path, head, origin, httpsPort);
      }
    }
    if (decision != null) {
      return decision;
    }
    return new RouteDecision.Nowhere(
        known
            ? "no app is published under this path of the host"
            : "no app is published under this host name");
  }

  /**
   * Redirects and passwords of a host hold for every path they match, siblings included: HAProxy
   * looks at those rules before it chooses a backend. A sibling's own password comes first.
   */
  private static @Nullable RouteDecision decide(
      Host host, String path, RequestHead head, HeaderRewrite.Origin origin, int httpsPort) {
    PathRoute first = null;
    BasicAuth auth = null;
    for (PathRoute route : host.routes) {
      if (!route.matches(path)) {
        continue;
      }
      if (route.redirects() && !origin.secure() && httpsPort != HttpRoutes.NO_HTTPS) {
        return new RouteDecision.Answered(
            OwnAnswer.redirect(secure(head, httpsPort)), route.frontend());
      }
      if (first == null) {
        first = route;
      }
      if (auth == null) {
        auth = route.auth();
      }
      if (host.plain) {
        break;
      }
    }
    if (first == null) {
      return null;
    }
    BasicAuth own = first.auth() == null ? auth : first.auth();
    return own == null
        ? HttpRoutes.enter(first.frontend(), head, origin)
        : new RouteDecision.Guarded(own, first.frontend());
  }

  private static String secure(RequestHead head, int httpsPort) {
    String authority = head.authority();
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    String host = end < 0 ? authority : authority.substring(0, end);
    return String.format(
        Locale.ROOT,
        "https://%s%s%s",
        host,
        httpsPort == 443 ? "" : ":" + httpsPort,
        head.target().equals("*") ? "/" : head.target());
  }
}
