package io.dromos.health;

import io.dromos.app.ReadinessCheck;
import io.dromos.task.ReadinessResult;
import io.dromos.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * A running task and how it is asked whether it is ready.
 *
 * @param checks in definition order
 * @param endpoints where each check asks, beside {@code checks}; empty for ports that cannot be
 *     reached from the machine
 * @param known results from before
 */
public record ReadinessTarget(
    TaskId id,
    List<ReadinessCheck> checks,
    List<Optional<Endpoint>> endpoints,
    List<ReadinessResult> known) {
  public ReadinessTarget {
    checks = List.copyOf(checks);
    endpoints = List.copyOf(endpoints);
    known = List.copyOf(known);
  }
}
