package io.dromos.health;

import io.dromos.app.HealthCheck;
import io.dromos.task.HealthResult;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A running task and how it is to be probed.
 *
 * @param checks in definition order
 * @param endpoints where each check connects to, beside {@code checks}; empty for commands and for
 *     ports that cannot be reached from the machine
 * @param startedAt when it was first seen running; grace periods count from here
 * @param known results from before, beside {@code checks}, or empty
 */
public record ProbeTarget(
    TaskId id,
    List<HealthCheck> checks,
    List<Optional<Endpoint>> endpoints,
    Instant startedAt,
    List<HealthResult> known) {
  public ProbeTarget {
    checks = List.copyOf(checks);
    endpoints = List.copyOf(endpoints);
    known = List.copyOf(known);
  }
}
