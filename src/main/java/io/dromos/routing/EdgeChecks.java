package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * Mode and probe of one port, from the app's health checks and its labels (marathon-lb reference,
 * 8.3 and 11).
 */
final class EdgeChecks {
  private final EdgeLabels labels;
  private final @Nullable HealthCheck own;
  private final @Nullable HealthCheck borrowed;

  EdgeChecks(AppSpec app, int index, EdgeLabels labels) {
    this.labels = labels;
    this.own = check(app, index);
    Integer other = labels.healthPort();
    this.borrowed = own == null && other != null ? check(app, other) : null;
  }

  /** The first that names this port, or a port number. */
  private static @Nullable HealthCheck check(AppSpec app, int index) {
    for (HealthCheck check : app.healthChecks()) {
      Integer checked = check.portIndex();
      if (check.port() != null || (checked != null && checked == index)) {
        return check;
      }
    }
    return null;
  }

  ServicePort.Mode mode() {
    if (borrowed != null && borrowed.protocol().isHttp()) {
      return ServicePort.Mode.HTTP;
    }
    ServicePort.Mode said = labels.modeOfLabel();
    if (said != null) {
      return said;
    }
    boolean http = own != null && own.protocol() == HealthCheck.Protocol.HTTP;
    return http || labels.isNamed() ? ServicePort.Mode.HTTP : ServicePort.Mode.TCP;
  }

  /** The check that counts; null: backends are taken as alive. */
  @Nullable HealthCheck counted() {
    HealthCheck check = own == null ? borrowed : own;
    return check == null || check.protocol() == HealthCheck.Protocol.COMMAND ? null : check;
  }

  /** What is asked for with GET; null: connecting is enough. */
  @Nullable String path(HealthCheck check) {
    if (mode() == ServicePort.Mode.TCP || check.protocol().isTcp()) {
      return null;
    }
    String path = check.path();
    return path == null || path.isEmpty() ? "/" : path;
  }
}
