package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads the snapshot that {@code /console/routes} prints. */
final class Routes {
  /** State of a backend that takes new connections. */
  static final String ACTIVE = "active";

  private Routes() {}

  /** In matching order. */
  static List<JsonObject> vhosts(JsonObject routes) {
    return Json.objects(routes.get("vhosts"));
  }

  static List<JsonObject> servicePorts(JsonObject routes) {
    return Json.objects(routes.get("servicePorts"));
  }

  static List<JsonObject> vips(JsonObject routes) {
    return Json.objects(routes.get("vips"));
  }

  /** {@code shop.example.com/cart}. */
  static String frontend(JsonObject vhost) {
    return vhost.getString("host", "") + vhost.getString("path", "");
  }

  /** The app of a route; of a VIP, all that its backends belong to. */
  static String app(JsonObject route) {
    if (route.isString("app")) {
      return route.getString("app");
    }
    TreeSet<String> apps = new TreeSet<>();
    for (JsonObject backend : Json.objects(route.get("backends"))) {
      apps.add(backend.getString("app", ""));
    }
    return apps.isEmpty() ? "---" : String.join(",", apps);
  }

  /** {@code 10.0.0.7:31000,10.0.0.7:31001(draining)}. */
  static String backends(JsonObject route) {
    List<String> all = new ArrayList<>();
    for (JsonObject backend : Json.objects(route.get("backends"))) {
      String state = state(backend);
      all.add(endpoint(backend) + (state.equals(ACTIVE) ? "" : "(" + state + ")"));
    }
    return all.isEmpty() ? "none" : String.join(",", all);
  }

  /** How many of a route's backends take new connections. */
  static long accepting(JsonObject route) {
    return Json.objects(route.get("backends")).stream()
        .filter(b -> state(b).equals(ACTIVE))
        .count();
  }

  static String endpoint(JsonObject backend) {
    return backend.getString("endpoint", "");
  }

  /** {@code active}, {@code unhealthy} or {@code draining}. */
  static String state(JsonObject backend) {
    return backend.getString("state", ACTIVE);
  }
}
