package io.dromos.routing;

import io.dromos.app.AppSpec;
import java.util.Map;

/** Routes for benchmarks: many apps, one task each, and all of them the same backend. */
public final class BenchRoutes {
  private BenchRoutes() {}

  /** DNS name of the VIP of app {@code i}. */
  public static String vip(int i) {
    return "app" + i + ".marathon." + VipNames.ZONE;
  }

  /** Virtual host of app {@code i}. */
  public static String vhost(int i) {
    return "app" + i + ".bench";
  }

  /**
   * Apps 0 to {@code apps} - 1, each with a VIP and, if {@code edge}, a virtual host and service
   * port 10000 + i.
   *
   * @param vipPort port of every VIP
   * @param backend port at 127.0.0.1
   */
  public static RoutingSnapshot of(int apps, int vipPort, int backend, boolean edge) {
    Scene scene = new Scene("127.0.0.1");
    for (int i = 0; i < apps; i++) {
      AppSpec app =
          Scene.edgeApp(
              "/app" + i,
              edge ? Map.of("HAPROXY_GROUP", "external", "HAPROXY_0_VHOST", vhost(i)) : Map.of(),
              Scene.port(10000 + i, "/app" + i + ":" + vipPort));
      scene.with(app).run(app, "app" + i + ".1", backend);
    }
    return scene.compile();
  }
}
