package io.dromos.deployment;

import java.util.List;

/** Actions that run in parallel; a step ends before the next begins. */
public record DeploymentStep(List<DeploymentAction> actions) {
  public DeploymentStep {
    actions = List.copyOf(actions);
  }
}
