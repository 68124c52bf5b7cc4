package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentStep;
import java.util.List;
import java.util.function.Function;

/** A running deployment on the wire (marathon-api reference, 1.9). */
public record DeploymentJson(
    String id,
    String version,
    List<String> affectedApps,
    List<String> affectedPods,
    List<StepJson> steps,
    List<CurrentActionJson> currentActions,
    int currentStep,
    int totalSteps) {
  /** Actions that run in parallel. */
  public record StepJson(List<ActionJson> actions) {
    static List<StepJson> of(List<DeploymentStep> steps) {
      return steps.stream()
          .map(step -> new StepJson(step.actions().stream().map(ActionJson::of).toList()))
          .toList();
    }
  }

  /** The steps of a deployment that is only asked about. */
  public record StepsJson(List<StepJson> steps) {
    static StepsJson of(List<DeploymentStep> steps) {
      return new StepsJson(StepJson.of(steps));
    }
  }

  /** What is done to which app. */
  public record ActionJson(String action, String app) {
    static ActionJson of(DeploymentAction action) {
      return new ActionJson(action.kind().name(), action.app().path());
    }
  }

  /** An action of the present step. */
  public record CurrentActionJson(
      String action, String app, List<ReadinessJson> readinessCheckResults) {}

  /**
   * @param readiness results of the readiness checks of one app that is being deployed
   */
  public static DeploymentJson of(
      Deployment deployment, Function<AppId, List<ReadinessJson>> readiness) {
    return new DeploymentJson(
        deployment.id(),
        Json.time(deployment.version()),
        deployment.affectedApps().stream().map(AppId::path).toList(),
        List.of(),
        StepJson.of(deployment.steps()),
        deployment.currentActions().stream()
            .map(
                action ->
                    new CurrentActionJson(
                        action.kind().name(), action.app().path(), readiness.apply(action.app())))
            .toList(),
        Math.min(deployment.currentStep(), deployment.steps().size()),
        deployment.steps().size());
  }
}
