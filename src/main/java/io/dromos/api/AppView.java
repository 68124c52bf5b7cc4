package io.dromos.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.dromos.api.TaskJson.TaskFailureJson;
import io.dromos.control.CommandResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An app with what was embedded (Marathon 1.11: {@code AppInfo}); what was not asked for is null.
 */
public record AppView(
    @JsonUnwrapped AppJson definition,
    @Nullable Integer tasksStaged,
    @Nullable Integer tasksRunning,
    @Nullable Integer tasksHealthy,
    @Nullable Integer tasksUnhealthy,
    @Nullable List<ErrorJson.DeploymentRef> deployments,
    @Nullable List<ReadinessJson> readinessCheckResults,
    @Nullable List<TaskJson> tasks,
    @Nullable TaskFailureJson lastTaskFailure,
    @Nullable TaskStatsJson taskStats) {
  /** Wrapper of a list of apps. */
  public record AppListJson(List<AppView> apps) {}

  /** Wrapper of one app. */
  public record SingleAppJson(AppView app) {}

  /** The body of a create: nothing runs yet, and its deployment has begun. */
  static AppView created(CommandResult.Accepted accepted) {
    return new AppView(
        AppJson.created(accepted.apps().get(0)),
        0,
        0,
        0,
        0,
        List.of(new ErrorJson.DeploymentRef(accepted.deploymentId())),
        null,
        null,
        null,
        null);
  }
}
