package io.dromos;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** MicroProfile Health: alive, started, ready (database reachable, first snapshot served). */
@ApplicationScoped
class HealthChecks {
  // Asked for at each check: the server makes these beans before the node has started.
  @Inject private Lifecycle lifecycle;

  @Produces
  @Liveness
  HealthCheck live() {
    return () -> HealthCheckResponse.up("dromos");
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () -> HealthCheckResponse.up("dromos");
  }

  @Produces
  @Readiness
  HealthCheck database() {
    return () -> {
      try {
        return HealthCheckResponse.named("database")
            .withData("revision", lifecycle.node().stores().revisions().current())
            .up()
            .build();
      } catch (RuntimeException e) {
        return HealthCheckResponse.named("database")
            .withData("reason", String.valueOf(e))
            .down()
            .build();
      }
    };
  }

  @Produces
  @Readiness
  HealthCheck planes() {
    return () -> {
      HealthCheckResponseBuilder answer = HealthCheckResponse.named("planes");
      NodeGraph node = lifecycle.node();
      for (Map.Entry<String, String> plane : node.publisher().reports().entrySet()) {
        answer.withData(plane.getKey(), plane.getValue());
      }
      return answer.status(node.resolver().current().sequence() > 0).build();
    };
  }
}
