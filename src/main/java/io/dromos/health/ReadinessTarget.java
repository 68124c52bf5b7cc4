package io.dromos.health;

import io.dromos.app.ReadinessCheck;
import io.dromos.task.ReadinessResult;
import io.dromos.task.TaskId;
import java.util.List;
import java.util.OptionalInt;

/**
 * A running task and how it is asked whether it is ready.
 *
 * @param address where its ports are reached
 * @param checks in definition order
 * @param ports port each check goes to, beside {@code checks}; empty for ports that cannot be
 *     reached from the machine
 * @param known results from before
 */
public record ReadinessTarget(
    TaskId id,
    String address,
    List<ReadinessCheck> checks,
    List<OptionalInt> ports,
    List<ReadinessResult> known) {
  public ReadinessTarget {
    checks = List.copyOf(checks);
    ports = List.copyOf(ports);
    known = List.copyOf(known);
  }
}
