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
  @Inject private Running running;

  @Produces
  @Liveness
  HealthCheck live() {
    return () -> HealthCheckResponse.up("dromos");
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () ->
        HealthCheckResponse.named("dromos").status(running.ifStarted().isPresent()).build();
  }

  @Produces
  @Readiness
  HealthCheck database() {
    return () ->
        running.ifStarted().map(HealthChecks::database).orElseGet(() -> starting("database"));
  }

  @Produces
  @Readiness
  HealthCheck planes() {
    return () -> running.ifStarted().map(HealthChecks::planes).orElseGet(() -> starting("planes"));
  }

  private static HealthCheckResponse database(NodeGraph node) {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("database");
    try {
      return answer.withData("revision", node.stores().revisions().current()).up().build();
    } catch (RuntimeException e) {
      return answer.withData("reason", String.valueOf(e)).down().build();
    }
  }

  private static HealthCheckResponse planes(NodeGraph node) {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("planes");
    for (Map.Entry<String, String> plane : node.publisher().reports().entrySet()) {
      answer.withData(plane.getKey(), plane.getValue());
    }
    return answer.status(node.resolver().current().sequence() > 0).build();
  }

  private static HealthCheckResponse starting(String what) {
    return HealthCheckResponse.named(what).withData("reason", "starting").down().build();
  }
}
