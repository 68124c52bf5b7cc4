package io.dromos.routing;

import static io.dromos.routing.Scene.app;
import static io.dromos.routing.Scene.check;
import static io.dromos.routing.Scene.healthy;
import static io.dromos.routing.Scene.port;
import static io.dromos.routing.Scene.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.task.TaskState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeploymentGroupTest {
  private static AppSpec colour(String path, String startedAt, int port, int instances) {
    Map<String, String> labels = new HashMap<>();
    labels.put("HAPROXY_GROUP", "external");
    labels.put("HAPROXY_0_PORT", "10000");
    labels.put("HAPROXY_DEPLOYMENT_GROUP", "web");
    labels.put("HAPROXY_DEPLOYMENT_STARTED_AT", startedAt);
    labels.put("HAPROXY_DEPLOYMENT_NEW_INSTANCES", "0");
    labels.put("HAPROXY_DEPLOYMENT_TARGET_INSTANCES", "2");
    return app(path, labels, List.of(check(HealthCheck.Protocol.HTTP, 0)), port(port))
        .withInstances(instances);
  }

  private static List<String> states(boolean... newAlive) {
    AppSpec blue = colour("/web-blue", "2026-01-01T00:00:00", 10000, 2);
    AppSpec green = colour("/web-green", "2026-01-02T00:00:00", 10001, newAlive.length);
    Scene scene = new Scene().with(blue).with(green);
    for (int i = 1; i <= 2; i++) {
      scene.run(blue, healthy(task(blue, "blue." + i, TaskState.RUNNING, 31000 + i), true));
    }
    for (int i = 1; i <= newAlive.length; i++) {
      scene.run(
          green, healthy(task(green, "green." + i, TaskState.RUNNING, 32000 + i), newAlive[i - 1]));
    }
    List<EdgeService> services = scene.compile().services();
    assertEquals(1, services.size());
    assertEquals("web_10000", services.get(0).name());
    assertEquals("/web", services.get(0).app().path());
    return services.get(0).backends().stream().map(b -> b.task() + " " + b.state()).toList();
  }

  @Test
  void asManyOldTasksAreDrainedAsNewOnesAreHealthy() {
    assertEquals(List.of("blue.1 DRAINING", "blue.2 ACTIVE", "green.1 ACTIVE"), states(true));
    assertEquals(
        List.of("blue.1 DRAINING", "blue.2 DRAINING", "green.1 ACTIVE", "green.2 ACTIVE"),
        states(true, true));
  }

  @Test
  void unhealthyNewTasksDrainNothing() {
    assertEquals(List.of("blue.1 ACTIVE", "blue.2 ACTIVE", "green.1 UNHEALTHY"), states(false));
  }
}
