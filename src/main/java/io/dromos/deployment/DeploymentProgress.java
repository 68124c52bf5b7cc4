package io.dromos.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a running deployment does and waits for, in words. A function of the present world: it says
 * nothing exactly when the step is done, so no deployment is ever silent about what keeps it.
 *
 * @param awaited one per unfinished action of the present step
 * @param at instant it was asked
 */
public record DeploymentProgress(Deployment deployment, List<Awaited> awaited, Instant at) {
  /**
   * An unfinished action.
   *
   * @param what phrases without a full stop, such as {@code 3 of 10 instances have arrived}
   */
  public record Awaited(DeploymentAction action, List<String> what) {
    public Awaited {
      what = List.copyOf(what);
    }
  }

  public DeploymentProgress {
    awaited = List.copyOf(awaited);
  }

  /** As a reader of the store sees it, who doesn't know how long planes are waited for. */
  public static DeploymentProgress of(Deployment deployment, World world, Instant now) {
    return of(deployment, world, now, ReconcilerConfig.of(Duration.ofDays(1), Instant.EPOCH));
  }

  /** As the leader sees it, with its limits. */
  public static DeploymentProgress of(
      Deployment deployment, World world, Instant now, ReconcilerConfig config) {
    Arrival arrival = new Arrival(world, now, config);
    AppSteering steering = new AppSteering(world, now, arrival);
    List<Awaited> awaited = new ArrayList<>();
    for (DeploymentAction action : deployment.currentActions()) {
      AppCourse course = AppCourse.of(action.app(), deployment, world);
      AppTasks tasks = AppTasks.of(world.tasksOf(action.app()), world, Set.of(), Set.of(), now);
      if (deployment.isRunning() && !steering.decide(course, tasks).done()) {
        awaited.add(new Awaited(action, new AppProgress(world, now, arrival).words(course, tasks)));
      }
    }
    return new DeploymentProgress(deployment, awaited, now);
  }

  /** All phrases, those of different apps told apart. */
  public String waitsFor() {
    if (!deployment.isRunning()) {
      return "nothing: it has ended";
    }
    if (deployment.currentStep() == 0) {
      return "the leader takes it up at its next turn";
    }
    if (awaited.isEmpty()) {
      return "nothing more: the leader's next turn ends the step";
    }
    boolean several = awaited.size() > 1;
    return awaited.stream()
        .map(one -> (several ? one.action().app() + ": " : "") + String.join(", ", one.what()))
        .collect(Collectors.joining("; "));
  }

  /** {@code step 1 of 1 (RestartApplication /sise)}. */
  public String step() {
    if (deployment.currentStep() == 0) {
      return "step 0 of " + deployment.steps().size();
    }
    Set<String> actions = new TreeSet<>();
    deployment.currentActions().forEach(a -> actions.add(a.kind() + " " + a.app()));
    return "step "
        + Math.min(deployment.currentStep(), deployment.steps().size())
        + " of "
        + deployment.steps().size()
        + (actions.isEmpty() ? "" : " (" + String.join(", ", shortened(actions)) + ")");
  }

  /** Which deployment, of whom, at which step, since when, waiting for what. */
  public String sentence() {
    String asker = deployment.terms().askedBy();
    return "Deployment "
        + deployment.id()
        + (asker == null ? "" : " by " + asker)
        + " is at "
        + step()
        + " since "
        + deployment.stepSince()
        + " ("
        + AppProgress.span(Duration.between(deployment.stepSince(), at))
        + "): "
        + waitsFor()
        + "."
        + Deadline.of(deployment, Instant.EPOCH)
            .map(end -> " It fails at " + end + " unless it is done by then.")
            .orElse("");
  }

  /** Why it fails when its deadline is over. */
  String expired() {
    return "The deployment did not end within "
        + deployment.terms().deadlineSeconds()
        + " seconds. At "
        + step()
        + ": "
        + waitsFor()
        + ".";
  }

  /** A group of hundreds is not listed in a sentence. */
  private static List<String> shortened(Set<String> actions) {
    List<String> all = List.copyOf(actions.stream().toList());
    if (all.size() <= 3) {
      return all;
    }
    List<String> few = new ArrayList<>(all.subList(0, 3));
    few.add("and " + (all.size() - 3) + " more");
    return few;
  }
}
