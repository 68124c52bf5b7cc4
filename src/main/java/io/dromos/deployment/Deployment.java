package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * @param terms who began it, and what becomes of it when it takes too long
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
    @Nullable Instant endedAt,
    Terms terms) {
  /** Where a deployment stands. */
  public enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /**
   * What was agreed when it began.
   *
   * @param askedBy who asked for it, such as {@code 10.0.0.9 (/v2/apps/sise)}; null when unknown
   * @param reverts id of the deployment that this one undoes, or null
   * @param deadlineSeconds after so many it fails unless it is done; null: never
   * @param unproven apps of {@code origin} whose definition there was never reached, because the
   *     deployment that led to it was overridden
   * @param good definitions of unproven apps that were reached before that, where there are any
   */
  public record Terms(
      @Nullable String askedBy,
      @Nullable String reverts,
      @Nullable Integer deadlineSeconds,
      Set<AppId> unproven,
      List<AppSpec> good) {
    public static final Terms NONE = new Terms(null, null, null, Set.of(), List.of());

    public Terms {
      // Rows of earlier releases lack what was added since.
      unproven = unproven == null ? Set.of() : Set.copyOf(unproven);
      good = List.copyOf(good);
    }
  }

  public Deployment {
    terms = terms == null ? Terms.NONE : terms;
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
        id, version, origin, target, steps, step, startedAt, now, status, reason, endedAt, terms);
  }

  public Deployment ended(Status end, @Nullable String why, Instant now) {
    return new Deployment(
        id,
        version,
        origin,
        target,
        steps,
        currentStep,
        startedAt,
        stepSince,
        end,
        why,
        now,
        terms);
  }

  /**
   * The newest definition of an app that a finished deployment led to, which is what a failure
   * restores; empty when there is none.
   */
  public Optional<AppSpec> lastGood(AppId app) {
    List<AppSpec> known = terms.unproven().contains(app) ? terms.good() : origin;
    return known.stream().filter(spec -> spec.id().equals(app)).findFirst();
  }

  /** True when no step from the present one on touches the app. */
  public boolean isDoneWith(AppId app) {
    return steps.stream()
        .skip(Math.max(0, currentStep - 1))
        .flatMap(step -> step.actions().stream())
        .noneMatch(action -> action.app().equals(app));
  }
}
