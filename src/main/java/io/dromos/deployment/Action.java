package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a turn decided; performed by {@code control.ControlLoop} in the order of the list. */
public sealed interface Action {
  /** The agent of this task is silent for too long. */
  record DeclareLost(Task task) implements Action {}

  /** A task wanted running ended: the next launch of its configuration waits. */
  record Delay(LaunchDelay delay) implements Action {}

  /** The launch delay of the app is over for good. */
  record ForgetDelay(AppId app) implements Action {}

  /** An ended or given-up task leaves the books. */
  record Expunge(Task task) implements Action {}

  /** Stop this task; {@code why} is a sentence for logs and for the user. */
  record Kill(Task task, KillReason reason, String why) implements Action {}

  /**
   * So many tasks turned unhealthy at once that none is killed for it.
   *
   * @param agent where; null in the whole cluster
   * @param failing how many turned together, of {@code watched} that were healthy once
   */
  record HoldHealthKills(@Nullable String agent, int failing, int watched) implements Action {
    /** A sentence for logs and for the user. */
    public String why() {
      return failing
          + " of "
          + watched
          + " health-checked tasks "
          + (agent == null ? "of the cluster" : "on " + agent)
          + " began to fail at the same time: none is killed for it until that is over";
    }
  }

  /** Place and start {@code count} more tasks of this definition now. */
  record Launch(AppSpec app, int count) implements Action {}

  /** {@code count} tasks are wanted, but not before an instant. */
  record Wait(AppSpec app, int count, Instant notBefore) implements Action {}

  /** A step of the deployment begins; the deployment is as it is to be stored. */
  record BeginStep(Deployment deployment) implements Action {}

  /** The step of the deployment's {@code currentStep} is done. */
  record FinishStep(Deployment deployment) implements Action {}

  /** All steps are done; the deployment is as it is to be stored. */
  record Complete(Deployment deployment) implements Action {}

  /** The deadline of the deployment is over; {@code why} says what it still waited for. */
  record Expire(Deployment deployment, String why) implements Action {}

  /** The last task of an app that is not in the tree any more is gone. */
  record ForgetApp(AppId app) implements Action {}

  /** Nothing changes by itself before this instant, but then something may. */
  record LookAgain(Instant at) implements Action {}
}
