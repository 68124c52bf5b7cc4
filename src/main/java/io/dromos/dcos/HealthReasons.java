package io.dromos.dcos;

import io.dromos.app.AppSpec;
import io.dromos.deployment.MassFailure;
import io.dromos.task.HealthResult;
import io.dromos.task.Task;
import java.util.ArrayList;
import java.util.List;

/** Why the running tasks of an app are not healthy, and what becomes of that. */
final class HealthReasons {
  private HealthReasons() {}

  static List<String> of(WhyExplainer.Facts facts, AppSpec app, List<Task> tasks) {
    List<Task> sick =
        tasks.stream()
            .filter(task -> task.goal().wantsRunning() && task.isRunning())
            .filter(task -> !task.isHealthy(app.healthChecks().size()))
            .toList();
    List<String> sentences = new ArrayList<>();
    if (sick.isEmpty()) {
      return sentences;
    }
    MassFailure mass = MassFailure.of(facts.world(), facts.health());
    for (Task task : sick) {
      if (task.seen().health().isEmpty()) {
        sentences.add("Task " + task.id() + " runs, and its health is not known yet.");
      }
      for (HealthResult result : task.seen().health()) {
        if (!result.alive()) {
          String cause = result.lastFailureCause();
          sentences.add(
              "Task "
                  + task.id()
                  + " fails its health check ("
                  + result.consecutiveFailures()
                  + " in a row): "
                  + Words.sentence(cause == null ? "no answer yet" : cause));
        }
      }
      mass.holds(task).ifPresent(why -> sentences.add(Words.sentence(why)));
    }
    return sentences;
  }
}
