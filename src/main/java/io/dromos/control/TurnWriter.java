package io.dromos.control;

import io.dromos.cluster.Topic;
import io.dromos.deployment.Action;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentAction.Kind;
import io.dromos.store.ClusterEvent;
import io.dromos.store.Stores;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import io.dromos.task.TaskTransitions;
import io.dromos.task.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the decisions of one turn inside the turn's transaction, and collects the events and
 * topics that go with them.
 */
final class TurnWriter {
  private final Stores stores;
  private final Instant now;
  private final List<ClusterEvent> events = new ArrayList<>();
  private final Map<String, Deployment> deployments = new LinkedHashMap<>();
  private final Set<Topic> topics = EnumSet.noneOf(Topic.class);

  TurnWriter(Stores stores, Instant now) {
    this.stores = stores;
    this.now = now;
  }

  List<ClusterEvent> events() {
    return events;
  }

  Set<Topic> topics() {
    return topics;
  }

  void write(List<Action> actions, LaunchRound.Result launches) {
    declareLost(actions);
    kill(actions);
    expunge(actions);
    for (Action action : actions) {
      if (action instanceof Action.Delay delay) {
        stores.deployments().saveDelay(delay.delay());
      } else if (action instanceof Action.ForgetDelay forget) {
        stores.deployments().forgetDelay(forget.app());
      } else if (action instanceof Action.BeginStep begin) {
        begin(begin.deployment());
      } else if (action instanceof Action.FinishStep finish) {
        finish(finish.deployment());
      } else if (action instanceof Action.Complete complete) {
        deployments.put(complete.deployment().id(), complete.deployment());
        tell(new ClusterEvent.DeploymentSucceeded(now, complete.deployment()));
      } else if (action instanceof Action.ForgetApp forget) {
        stores.apps().forget(forget.app());
        stores.deployments().forgetDelay(forget.app());
        stores.tasks().forgetFailure(forget.app());
      }
    }
    stores.deployments().saveAll(deployments.values());
    launch(launches.goals());
    stores.deployments().changeQueue(launches.queued(), launches.dequeued());
    if (!events.isEmpty()) {
      topics.add(Topic.EVENTS);
    }
  }

  /** Tells where kills because of health stopped, and where they go on, since the last turn. */
  void tellHolds(HealthHolds.Change change) {
    for (Action.HoldHealthKills hold : change.begun()) {
      tell(
          new ClusterEvent.HealthKillsHeld(
              now, hold.agent(), hold.failing(), hold.watched(), hold.why()));
    }
    for (Action.HoldHealthKills hold : change.ended()) {
      tell(new ClusterEvent.HealthKillsResumed(now, hold.agent()));
    }
  }

  private void declareLost(List<Action> actions) {
    Map<TaskId, Task> lost = new HashMap<>();
    List<Transition> transitions = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.DeclareLost declare) {
        Task task = declare.task();
        lost.put(task.id(), task);
        transitions.add(TaskTransitions.next(task.seen(), new TaskEvent.AgentLost(now)));
      }
    }
    if (transitions.isEmpty()) {
      return;
    }
    // An agent that came back just now has the last word: its observation is newer than ours.
    for (Transition applied : stores.tasks().observe(transitions)) {
      Task task = lost.get(applied.id());
      if (task != null) {
        tell(new ClusterEvent.TaskStatus(now, new Task(task.goal(), applied.next())));
      }
    }
    topics.add(Topic.OBSERVATIONS);
  }

  private void kill(List<Action> actions) {
    Map<KillReason, List<TaskId>> byReason = new EnumMap<>(KillReason.class);
    for (Action action : actions) {
      if (action instanceof Action.Kill kill) {
        byReason.computeIfAbsent(kill.reason(), r -> new ArrayList<>()).add(kill.task().id());
        explain(kill);
      }
    }
    byReason.forEach((reason, ids) -> stores.tasks().kill(ids, reason, now));
    if (!byReason.isEmpty()) {
      topics.add(Topic.GOALS);
    }
  }

  /** Kills for the task's own fault are remembered as the app's last failure. */
  private void explain(Action.Kill kill) {
    if (kill.reason() == KillReason.UNHEALTHY) {
      tell(new ClusterEvent.UnhealthyKill(now, kill.task(), kill.why()));
      recordFailure(
          kill.task(), "Task was killed since health check failed. Reason: " + kill.why());
    } else if (kill.reason() == KillReason.OVERDUE) {
      recordFailure(kill.task(), "Task was killed: " + kill.why());
    }
  }

  private void recordFailure(Task task, String message) {
    TaskGoal goal = task.goal();
    stores
        .tasks()
        .recordFailure(
            new TaskFailure(
                goal.appId(),
                goal.id(),
                goal.host(),
                goal.agent(),
                TaskState.KILLED,
                message,
                now,
                goal.version()));
  }

  private void expunge(List<Action> actions) {
    List<TaskId> ids =
        actions.stream()
            .filter(Action.Expunge.class::isInstance)
            .map(a -> ((Action.Expunge) a).task().id())
            .toList();
    if (!ids.isEmpty()) {
      stores.tasks().expunge(ids);
      topics.add(Topic.GOALS);
    }
  }

  private void begin(Deployment deployment) {
    deployments.put(deployment.id(), deployment);
    tell(new ClusterEvent.DeploymentStepBegan(now, deployment));
    topics.add(Topic.INTENT);
    for (DeploymentAction action : deployment.currentActions()) {
      if (addsHealthChecks(deployment, action)) {
        deployment.target().stream()
            .filter(spec -> spec.id().equals(action.app()) && !spec.healthChecks().isEmpty())
            .forEach(
                spec ->
                    tell(
                        new ClusterEvent.HealthChecksAdded(
                            now, spec.id(), spec.version(), spec.healthChecks())));
      }
    }
  }

  /** Checks begin with the first tasks of a new app, or of a new version that replaces another. */
  private static boolean addsHealthChecks(Deployment deployment, DeploymentAction action) {
    return action.kind() == Kind.RestartApplication
        || (action.kind() == Kind.ScaleApplication
            && deployment.origin().stream().noneMatch(spec -> spec.id().equals(action.app())));
  }

  private void finish(Deployment deployment) {
    tell(new ClusterEvent.DeploymentStepDone(now, deployment));
    topics.add(Topic.INTENT);
    for (DeploymentAction action : deployment.currentActions()) {
      boolean stopped = action.kind() == Kind.StopApplication;
      if (stopped || action.kind() == Kind.RestartApplication) {
        // Each check of the version that is gone ended with its last task.
        deployment.origin().stream()
            .filter(spec -> spec.id().equals(action.app()))
            .flatMap(spec -> spec.healthChecks().stream())
            .forEach(check -> tell(new ClusterEvent.HealthChecksRemoved(now, action.app())));
      }
      if (stopped) {
        tell(new ClusterEvent.AppTerminated(now, action.app()));
      }
    }
  }

  private void launch(List<TaskGoal> goals) {
    if (goals.isEmpty()) {
      return;
    }
    stores.tasks().launch(goals);
    for (TaskGoal goal : goals) {
      tell(
          new ClusterEvent.TaskStatus(
              now, new Task(goal, TaskObservation.staging(goal.id(), now))));
    }
    topics.add(Topic.GOALS);
  }

  private void tell(ClusterEvent event) {
    events.add(event);
  }
}
