package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Which frontend a URL meets and what stands behind it, step by step.
 *
 * @param answered a backend takes the request
 */
record RouteExplanation(List<String> sentences, boolean answered) {
  RouteExplanation {
    sentences = List.copyOf(sentences);
  }

  static RouteExplanation of(JsonObject routes, URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    int port = uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    List<String> said = new ArrayList<>();
    for (JsonObject vip : Routes.vips(routes)) {
      if (vip.getString("name", "").equals(host) && vip.getInt("port") == port) {
        said.add(host + ":" + port + " is a VIP of " + Routes.app(vip) + ".");
        return behind(said, vip, routes);
      }
    }
    for (JsonObject vhost : Routes.vhosts(routes)) {
      String prefix = vhost.getString("path", "");
      if (matches(vhost.getString("host", ""), host)) {
        if (path.startsWith(prefix)) {
          said.add(Routes.frontend(vhost) + " is a virtual host of " + Routes.app(vhost) + ".");
          return behind(said, vhost, routes);
        }
        said.add("A route to " + Routes.app(vhost) + " has the host, but wants path " + prefix);
      }
    }
    for (JsonObject service : Routes.servicePorts(routes)) {
      if (service.getInt("port") == port) {
        said.add(port + " is a service port of " + Routes.app(service) + ", whatever the host.");
        return behind(said, service, routes);
      }
    }
    said.add("No VIP, virtual host or service port answers " + host + ":" + port + path + ".");
    TreeSet<String> known = new TreeSet<>();
    Routes.vhosts(routes).forEach(v -> known.add(v.getString("host", "")));
    Routes.vips(routes).forEach(v -> known.add(v.getString("name", "") + ":" + v.getInt("port")));
    said.add(
        known.isEmpty()
            ? "There are no named routes at all: an app gets one by HAPROXY_GROUP and"
                + " HAPROXY_0_VHOST, or by a VIP_0 label."
            : "Known names: " + String.join(", ", known) + ".");
    warnings(routes, said);
    return new RouteExplanation(said, false);
  }

  private static RouteExplanation behind(List<String> said, JsonObject route, JsonObject routes) {
    List<JsonObject> backends = Json.objects(route.get("backends"));
    for (JsonObject backend : backends) {
      String state = Routes.state(backend);
      said.add(
          "  "
              + Routes.endpoint(backend)
              + " "
              + backend.getString("task", "")
              + " "
              + (state.equals(Routes.ACTIVE) ? "takes requests" : state));
    }
    boolean answered = Routes.accepting(route) > 0;
    if (!answered) {
      said.add(
          backends.isEmpty()
              ? "No task of it is running: 'marathon app show' says why."
              : "None of its tasks takes new requests.");
      warnings(routes, said);
    }
    return new RouteExplanation(said, answered);
  }

  private static void warnings(JsonObject routes, List<String> said) {
    routes
        .getObject("warnings", new JsonObject())
        .forEach((app, texts) -> said.add(app + ": " + texts));
  }

  /** {@code *.example.com} matches every name below it. */
  private static boolean matches(String pattern, String host) {
    return pattern.equals(host)
        || (pattern.startsWith("*.") && host.endsWith(pattern.substring(1)));
  }
}
