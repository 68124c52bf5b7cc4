package io.dromos.dataplane.stats;

import io.dromos.routing.Backend;
import io.dromos.routing.BasicAuth;
import io.dromos.routing.EdgePolicy;
import io.dromos.routing.EdgeProbe;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the edge serves, as text: in the shape of the file that marathon-lb writes, for people and
 * scripts that look into it, and as its two maps. Nothing reads it back.
 */
public final class ConfigText {
  private ConfigText() {}

  /** {@code domain2backend.map}: a line a virtual host without path, as map mode has them. */
  static String vhostMap(RoutingSnapshot snapshot) {
    Map<String, String> byHost = new LinkedHashMap<>();
    for (VhostRoute route : snapshot.vhosts()) {
      if (route.path() == null && route.service().accepting()) {
        byHost.putIfAbsent(route.host(), route.service().name());
      }
    }
    return lines(byHost);
  }

  /** {@code app2backend.map}: of each app the HTTP service with the lowest port. */
  static String appMap(RoutingSnapshot snapshot) {
    Map<String, String> byApp = new TreeMap<>();
    snapshot.services().stream()
        .filter(service -> service.mode() == ServicePort.Mode.HTTP && service.accepting())
        .sorted(Comparator.comparingInt(EdgeService::port))
        .forEach(service -> byApp.putIfAbsent(service.app().path(), service.name()));
    return lines(byApp);
  }

  private static String lines(Map<String, String> map) {
    StringBuilder text = new StringBuilder();
    map.forEach((key, backend) -> text.append(key).append(' ').append(backend).append('\n'));
    return text.toString();
  }

  /** All frontends and backends of the snapshot. Hashes of passwords are left out. */
  static String of(RoutingSnapshot snapshot) {
    StringBuilder text = new StringBuilder();
    line(text, "# Routes of revision " + snapshot.version() + ", in the words of HAProxy.");
    line(text, "# Made from the labels of the apps; Dromos does not read this text.");
    line(text, "");
    line(text, "frontend marathon_http_in");
    line(text, "  mode http");
    snapshot.vhosts().forEach(route -> vhost(route, text));
    line(text, "");
    line(text, "frontend marathon_http_appid_in");
    line(text, "  mode http");
    appMap(snapshot)
        .lines()
        .map(pair -> pair.split(" ", -1))
        .forEach(
            pair ->
                line(
                    text,
                    "  use_backend "
                        + pair[1]
                        + " if { req.hdr(x-marathon-app-id) -i "
                        + pair[0]
                        + " }"));
    for (ServicePort port : snapshot.servicePorts()) {
      servicePort(port, text);
    }
    for (EdgeService service : snapshot.services()) {
      service(service, text);
    }
    return text.toString();
  }

  private static void vhost(VhostRoute route, StringBuilder text) {
    StringBuilder when = new StringBuilder(" if { hdr(host) -i ").append(route.host()).append(" }");
    if (route.path() != null) {
      when.append(" { path_beg ")
          .append(route.ignoreCase() ? "-i " : "")
          .append(route.path())
          .append(" }");
    }
    BasicAuth auth = route.auth();
    if (route.redirectToHttps()) {
      line(text, "  redirect scheme https code 301" + when + " !{ ssl_fc }");
    }
    if (auth != null) {
      line(text, "  http-request auth realm " + auth.realm() + when + " # user " + auth.user());
    }
    line(text, "  use_backend " + route.service().name() + when + " # weight " + route.weight());
  }

  private static void servicePort(ServicePort port, StringBuilder text) {
    line(text, "");
    line(text, "frontend " + port.service().name());
    line(
        text,
        "  bind "
            + (port.bindAddress() == null ? "*" : port.bindAddress())
            + ":"
            + port.port()
            + (port.certificate() == null ? "" : " ssl crt " + port.certificate())
            + (port.acceptProxy() ? " accept-proxy" : ""));
    line(text, "  mode " + word(port.mode()));
    line(text, "  use_backend " + port.service().name());
  }

  private static void service(EdgeService service, StringBuilder text) {
    EdgePolicy policy = service.policy();
    EdgeProbe probe = service.probe();
    line(text, "");
    line(text, "backend " + service.name());
    line(text, "  balance " + balance(policy));
    line(text, "  mode " + word(service.mode()));
    option(text, "  cookie ", policy.stickyCookie(), " insert indirect nocache");
    option(text, "  # proxypass ", policy.proxyPass(), "");
    option(text, "  # revproxy ", policy.locationPath(), "");
    option(text, "  # redirect of / to ", policy.rootRedirect(), "");
    if (policy.hsts()) {
      line(text, "  http-response set-header Strict-Transport-Security max-age=15768000");
    }
    if (!policy.allowedNetworks().isEmpty()) {
      line(text, "  acl network_allowed src " + String.join(" ", policy.allowedNetworks()));
      line(text, "  http-request deny unless network_allowed");
    }
    if (probe != null && probe.path() != null) {
      line(text, "  option httpchk GET " + probe.path());
    }
    for (Backend backend : service.backends()) {
      line(
          text,
          "  server "
              + ServerNames.of(backend)
              + " "
              + backend.endpoint()
              + (probe == null
                  ? ""
                  : " check inter " + probe.intervalSeconds() + "s fall " + probe.failures())
              + (backend.accepting() ? "" : " disabled # " + backend.state()));
    }
  }

  /** HAProxy's name of the rule. */
  public static String balance(EdgePolicy policy) {
    String parameter = policy.balance().parameter();
    return switch (policy.balance().kind()) {
      case LEAST_BUSY, ROUND_ROBIN -> "roundrobin";
      case LEAST_CONNECTIONS -> "leastconn";
      case FIRST -> "first";
      case RANDOM -> "random";
      case SOURCE -> "source";
      case URI -> "uri";
      case PARAMETER -> "url_param" + (parameter == null ? "" : " " + parameter);
      case HEADER -> parameter == null ? "hdr" : "hdr(" + parameter + ")";
    };
  }

  private static String word(ServicePort.Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static void option(
      StringBuilder text, String before, @Nullable String value, String after) {
    if (value != null) {
      line(text, before + value + after);
    }
  }

  /** A value cannot begin a line of its own. */
  private static void line(StringBuilder text, String line) {
    text.append(line.replace('\n', ' ').replace('\r', ' ')).append('\n');
  }
}
