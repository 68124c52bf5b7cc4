package io.dromos.dcos;

import io.dromos.api.Json;
import io.dromos.app.AppId;
import io.dromos.deployment.Deadline;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.World;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment, running or ended, with what Marathon's own JSON has no room for; described in
 * {@code console-json.md}.
 *
 * @param status {@code running}, {@code succeeded} or {@code failed}
 * @param step 0 before the first; actions of the present one are in {@code actions}
 * @param waitsFor a sentence without a full stop while it runs
 * @param sentence everything about it for people, while it runs
 * @param reason why it failed
 * @param at instant of this answer
 */
public record DeploymentStatusJson(
    String id,
    String version,
    String status,
    List<String> apps,
    int step,
    int steps,
    List<String> actions,
    String startedAt,
    String stepSince,
    @Nullable String askedBy,
    @Nullable String reverts,
    @Nullable String deadline,
    @Nullable String waitsFor,
    @Nullable String sentence,
    @Nullable String endedAt,
    @Nullable String reason,
    String at) {
  /** {@code GET /console/deployments}: running ones oldest first, ended ones newest first. */
  public record DeploymentsJson(
      List<DeploymentStatusJson> running, List<DeploymentStatusJson> ended) {}

  static DeploymentStatusJson of(Deployment deployment, World world, Instant now) {
    DeploymentProgress progress =
        deployment.isRunning() ? DeploymentProgress.of(deployment, world, now) : null;
    return new DeploymentStatusJson(
        deployment.id(),
        Json.time(deployment.version()),
        deployment.status().name().toLowerCase(java.util.Locale.ROOT),
        deployment.affectedApps().stream().map(AppId::path).toList(),
        Math.min(deployment.currentStep(), deployment.steps().size()),
        deployment.steps().size(),
        deployment.currentActions().stream().map(a -> a.kind() + " " + a.app()).toList(),
        Json.time(deployment.startedAt()),
        Json.time(deployment.stepSince()),
        deployment.terms().askedBy(),
        deployment.terms().reverts(),
        Json.timeOrNull(Deadline.of(deployment, Instant.EPOCH).orElse(null)),
        progress == null ? null : progress.waitsFor(),
        progress == null ? null : progress.sentence(),
        Json.timeOrNull(deployment.endedAt()),
        deployment.reason(),
        Json.time(now));
  }
}
