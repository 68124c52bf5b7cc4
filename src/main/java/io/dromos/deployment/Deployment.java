package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stored move from origin versions to target versions, in steps.
 *
 * @param id random UUID
 * @param version root version it leads to
 * @param origin definitions of the touched apps before; an app that is missing did not exist
 * @param target definitions of the touched apps after; an app that is missing is to go
 * @param currentStep 0 before the first step, then from 1; more than the number of steps when done
 * @param stepSince when the current step began
 * @param status where it stands
 * @param reason why it failed, or null
 */
public record Deployment(
    String id,
    Instant version,
    List<AppSpec> origin,
    List<AppSpec> target,
    List<DeploymentStep> steps,
    int currentStep,
    Instant startedAt,
    Instant stepSince,
    Status status,
    @Nullable String reason,
    @Nullable Instant endedAt) {
  /** Where a deployment stands. */
  public enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  public Deployment {
    origin = List.copyOf(origin);
    target = List.copyOf(target);
    steps = List.copyOf(steps);
  }

  public Set<AppId> affectedApps() {
    Set<AppId> ids = new TreeSet<>();
    for (DeploymentStep step : steps) {
      step.actions().forEach(a -> ids.add(a.app()));
    }
    return ids;
  }

  public boolean isRunning() {
    return status == Status.RUNNING;
  }

  /** The step being worked on; empty before the first and after the last. */
  public List<DeploymentAction> currentActions() {
    return currentStep >= 1 && currentStep <= steps.size()
        ? steps.get(currentStep - 1).actions()
        : List.of();
  }

  public Deployment atStep(int step, Instant now) {
    return new Deployment(
        id, version, origin, target, steps, step, startedAt, now, status, reason, endedAt);
  }

  public Deployment ended(Status end, @Nullable String why, Instant now) {
    return new Deployment(
        id, version, origin, target, steps, currentStep, startedAt, stepSince, end, why, now);
  }
}
