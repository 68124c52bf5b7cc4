package io.dromos.api;

import io.dromos.control.CommandResult;

/** What a request that starts a deployment answers: the new root version and the deployment. */
public record DeploymentResultJson(String version, String deploymentId) {
  public static DeploymentResultJson of(CommandResult.Accepted accepted) {
    return new DeploymentResultJson(Json.time(accepted.version()), accepted.deploymentId());
  }
}
