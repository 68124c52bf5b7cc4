package io.dromos.dcos;

import io.dromos.app.AppId;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentProgress;
import io.dromos.deployment.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What deployments have to do with the state of an app, in sentences. */
final class DeploymentWords {
  private DeploymentWords() {}

  /**
   * @param ended newest first
   */
  static List<String> about(AppId app, World world, List<Deployment> ended, Instant now) {
    List<String> sentences = new ArrayList<>();
    for (Deployment deployment : world.deployments()) {
      if (deployment.isRunning() && deployment.affectedApps().contains(app)) {
        sentences.add(DeploymentProgress.of(deployment, world, now).sentence());
        undone(deployment, ended).ifPresent(failed -> sentences.add(failure(failed, now)));
      }
    }
    if (sentences.isEmpty()) {
      ended.stream()
          .filter(deployment -> deployment.affectedApps().contains(app))
          .findFirst()
          .flatMap(
              last ->
                  last.status() == Deployment.Status.FAILED
                      ? Optional.of(last)
                      : undone(last, ended))
          .ifPresent(failed -> sentences.add(failure(failed, now)));
    }
    return sentences;
  }

  private static Optional<Deployment> undone(Deployment reverting, List<Deployment> ended) {
    return ended.stream()
        .filter(deployment -> deployment.id().equals(reverting.terms().reverts()))
        .findFirst();
  }

  private static String failure(Deployment failed, Instant now) {
    Instant at = failed.endedAt() == null ? failed.stepSince() : failed.endedAt();
    String reason = failed.reason() == null ? "" : failed.reason();
    return "Deployment "
        + failed.id()
        + " failed "
        + Words.span(Duration.between(at, now))
        + " ago"
        + (reason.isBlank() ? "." : ": " + Words.sentence(reason));
  }
}
