package io.dromos.health;

import io.dromos.app.HealthCheck;
import io.dromos.task.HealthResult;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * A running task and how it is to be probed.
 *
 * @param address where its ports are reached
 * @param checks in definition order
 * @param ports port each check goes to, beside {@code checks}; empty for commands and for ports
 *     that cannot be reached from the machine
 * @param startedAt when it was first seen running; grace periods count from here
 * @param known results from before, beside {@code checks}, or empty
 */
public record ProbeTarget(
    TaskId id,
    String address,
    List<HealthCheck> checks,
    List<OptionalInt> ports,
    Instant startedAt,
    List<HealthResult> known) {
  public ProbeTarget {
    checks = List.copyOf(checks);
    ports = List.copyOf(ports);
    known = List.copyOf(known);
  }
}
