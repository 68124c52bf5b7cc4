package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.store.ClusterEvent;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which new health results are worth a write, and which events they make. */
final class HealthReport {
  /** A check that just goes on passing is written this often, not at every pass. */
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private HealthReport() {}

  /** True when {@code after} tells more than that a healthy task is still healthy. */
  static boolean isNews(List<HealthResult> before, List<HealthResult> after) {
    if (after.isEmpty() || before.equals(after)) {
      return false;
    }
    if (before.size() != after.size()) {
      return true;
    }
    for (int i = 0; i < after.size(); i++) {
      if (differs(before.get(i), after.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean differs(HealthResult before, HealthResult after) {
    Instant last = before.lastSuccess();
    Instant now = after.lastSuccess();
    boolean samePast =
        last != null
            && now != null
            && before.equals(
                new HealthResult(
                    after.consecutiveFailures(),
                    after.firstSuccess(),
                    last,
                    after.lastFailure(),
                    after.lastFailureCause()));
    return samePast ? Duration.between(last, now).compareTo(REFRESH) >= 0 : !before.equals(after);
  }

  /** Failures that were counted and checks that changed sides. */
  static List<ClusterEvent> events(
      Task task, AppSpec app, List<HealthResult> before, List<HealthResult> after, Instant now) {
    List<ClusterEvent> events = new ArrayList<>();
    for (int i = 0; i < after.size() && i < app.healthChecks().size(); i++) {
      HealthCheck check = app.healthChecks().get(i);
      HealthResult was = i < before.size() ? before.get(i) : HealthResult.UNKNOWN;
      HealthResult is = after.get(i);
      if (is.lastFailure() != null && !is.lastFailure().equals(was.lastFailure())) {
        events.add(new ClusterEvent.HealthCheckFailed(now, task, check, is));
      }
      if (is.alive() != was.alive()) {
        events.add(new ClusterEvent.HealthStatus(now, task, is.alive()));
      }
    }
    return events;
  }
}
