package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one turn decides: a function of the world, the instant and the limits, and nothing else. The
 * drawing is in this package's {@code README.md}.
 *
 * <ol>
 *   <li>Tasks: those of silent agents are lost, those that stay unhealthy or never come up are
 *       killed, ended ones are counted as failures and leave the books.
 *   <li>Deployments: steps that are done end, the next begin.
 *   <li>Apps: each is brought nearer to what its deployment, or else its definition, asks for.
 * </ol>
 *
 * <p>Invariants: an app never has more tasks than its upgrade strategy allows, or fewer healthy
 * ones because of a kill decided here; what is decided depends on the present alone, so a turn may
 * be lost or repeated.
 */
public final class Reconciler {
  private final World world;
  private final Instant now;
  private final ReconcilerConfig config;
  private final List<Action> actions = new ArrayList<>();
  private final Map<AppId, LaunchDelay> delays = new HashMap<>();
  private final Map<AppId, Deployment> deployments = new HashMap<>();
  private final Set<TaskId> doomed = new HashSet<>();
  private final Set<TaskId> lost = new HashSet<>();
  private final TaskUpkeep upkeep;
  private final AppSteering steering;
  private final HealthKills healthKills;

  private Reconciler(World world, Instant now, ReconcilerConfig config) {
    this.world = world;
    this.now = now;
    this.config = config;
    world.delays().forEach(delay -> delays.put(delay.appId(), delay));
    for (Deployment deployment : world.deployments()) {
      deployment.affectedApps().forEach(id -> deployments.put(id, deployment));
    }
    upkeep = new TaskUpkeep(world, now, config);
    Arrival arrival = new Arrival(world, now, config);
    steering = new AppSteering(world, now, arrival);
    healthKills = new HealthKills(world, now, config.health(), arrival);
  }

  /** The same arguments always give the same list. */
  public static List<Action> reconcile(World world, Instant now, ReconcilerConfig config) {
    return new Reconciler(world, now, config).run();
  }

  private List<Action> run() {
    world.ids().forEach(id -> maintain(world.tasksOf(id)));
    actions.addAll(healthKills.holds());
    Map<AppId, Deployment> moving = new HashMap<>();
    for (Deployment deployment : world.deployments()) {
      if (deployment.isRunning()) {
        Deployment reached = walk(deployment);
        reached.affectedApps().forEach(id -> moving.put(id, reached));
      }
    }
    for (AppId id : all(moving.keySet())) {
      steer(id, moving.get(id));
    }
    forgetRemovedApps(moving);
    return actions;
  }

  private Collection<AppId> all(Set<AppId> moving) {
    if (world.ids().containsAll(moving)) {
      return world.ids();
    }
    Set<AppId> all = new TreeSet<>(world.ids());
    all.addAll(moving);
    return all;
  }

  // 1. Tasks.

  private void maintain(Collection<Task> tasks) {
    for (Task task : tasks) {
      TaskUpkeep.Finding finding = upkeep.judge(task);
      if (finding instanceof TaskUpkeep.Finding.Lost) {
        lost.add(task.id());
        actions.add(new Action.DeclareLost(task));
      } else if (finding instanceof TaskUpkeep.Finding.Doomed doom) {
        condemn(task, doom);
      } else if (finding instanceof TaskUpkeep.Finding.Over over) {
        if (over.failed()) {
          countFailure(task);
        }
        actions.add(new Action.Expunge(task));
      }
    }
  }

  private void condemn(Task task, TaskUpkeep.Finding.Doomed doom) {
    boolean sick = doom.reason() == KillReason.UNHEALTHY;
    if (sick && healthKills.isHeld(task)) {
      return;
    }
    doomed.add(task.id());
    if (!sick || !healthKills.isReplacedFirst(task, doom.why())) {
      actions.add(new Action.Kill(task, doom.reason(), doom.why()));
    }
  }

  private void countFailure(Task task) {
    AppSpec failed = world.specOf(task).orElse(null);
    if (failed == null || !isLaunched(failed)) {
      return;
    }
    Instant at = task.seen().since().isAfter(now) ? now : task.seen().since();
    LaunchDelay before = delays.get(task.appId());
    LaunchDelay after = Backoff.afterFailure(before, failed, at);
    if (!after.equals(before)) {
      delays.put(task.appId(), after);
      actions.add(new Action.Delay(after));
    }
  }

  /** Whether new tasks of the app would run this configuration; one that is left needs no delay. */
  private boolean isLaunched(AppSpec failed) {
    Deployment deployment = deployments.get(failed.id());
    AppCourse course =
        deployment == null
            ? AppCourse.settled(failed.id(), world)
            : AppCourse.of(failed.id(), deployment, world);
    AppSpec spec = course.spec();
    return spec != null && spec.lastConfigChangeAt().equals(failed.lastConfigChangeAt());
  }

  // 2. Deployments.

  /** Ends and begins steps as far as the present world allows. */
  private Deployment walk(Deployment stored) {
    Deployment deployment = stored;
    if (deployment.currentStep() == 0) {
      deployment = begin(deployment, 1);
    }
    while (deployment.isRunning() && isStepDone(deployment)) {
      actions.add(new Action.FinishStep(deployment));
      deployment = begin(deployment, deployment.currentStep() + 1);
    }
    if (deployment.isRunning()) {
      watchDeadline(deployment);
    }
    return deployment;
  }

  private void watchDeadline(Deployment deployment) {
    Instant end = Deadline.of(deployment, config.watchingSince()).orElse(null);
    if (end == null) {
      return;
    }
    if (end.isAfter(now)) {
      actions.add(new Action.LookAgain(end));
    } else {
      String why = DeploymentProgress.of(deployment, world, now, config).expired();
      actions.add(new Action.Expire(deployment, why));
    }
  }

  private Deployment begin(Deployment deployment, int step) {
    Deployment next = deployment.atStep(step, now);
    if (step > deployment.steps().size()) {
      next = next.ended(Deployment.Status.SUCCEEDED, null, now);
      actions.add(new Action.Complete(next));
    } else {
      actions.add(new Action.BeginStep(next));
    }
    return next;
  }

  private boolean isStepDone(Deployment deployment) {
    // No short cut: every action has a say in when to look again.
    boolean done = true;
    for (DeploymentAction action : deployment.currentActions()) {
      done &= decide(action.app(), deployment).done();
    }
    return done;
  }

  // 3. Apps.

  private AppSteering.Decision decide(AppId id, Deployment deployment) {
    AppCourse course = AppCourse.of(id, deployment, world);
    return steering.decide(course, tasks(id));
  }

  private void steer(AppId id, @Nullable Deployment deployment) {
    AppCourse course =
        deployment == null ? AppCourse.settled(id, world) : AppCourse.of(id, deployment, world);
    AppTasks tasks = tasks(id);
    AppSteering.Decision decision = steering.decide(course, tasks);
    actions.addAll(decision.kills());
    actions.addAll(healthKills.decide(course, tasks, decision.launches()));
    AppSpec spec = course.spec();
    if (spec != null && decision.launches() > 0) {
      launch(spec, decision.launches(), tasks);
    } else if (spec != null) {
      forgetOldDelay(spec, tasks);
    }
    decision.lookAgain().ifPresent(at -> actions.add(new Action.LookAgain(at)));
  }

  private AppTasks tasks(AppId id) {
    return AppTasks.of(world.tasksOf(id), world, doomed, lost, now);
  }

  private void launch(AppSpec spec, int count, AppTasks tasks) {
    LaunchDelay delay = delays.get(spec.id());
    if (delay == null || !Backoff.concerns(delay, spec)) {
      actions.add(new Action.Launch(spec, count));
      return;
    }
    List<Task> present = sameConfig(spec, tasks);
    Instant notBefore = Backoff.notBefore(delay, present);
    if (!notBefore.isAfter(now)) {
      actions.add(new Action.Launch(spec, count));
      return;
    }
    actions.add(new Action.Wait(spec, count, notBefore));
    actions.add(new Action.LookAgain(notBefore));
  }

  private void forgetOldDelay(AppSpec spec, AppTasks tasks) {
    LaunchDelay delay = delays.get(spec.id());
    if (delay != null && Backoff.isForgotten(delay, spec, sameConfig(spec, tasks), now)) {
      actions.add(new Action.ForgetDelay(spec.id()));
    }
  }

  private List<Task> sameConfig(AppSpec spec, AppTasks tasks) {
    return tasks.wanted().stream()
        .filter(task -> AppTasks.runsConfigOf(task, world, spec))
        .toList();
  }

  /** Apps that are not in the tree, not in a deployment any more, and without a task. */
  private void forgetRemovedApps(Map<AppId, Deployment> moving) {
    Set<AppId> removed = new TreeSet<>();
    for (AppId id : moving.keySet()) {
      if (!world.apps().containsKey(id)) {
        removed.add(id);
      }
    }
    // An app that had no task has no definition in this world either.
    for (AppId id : world.versions().keySet()) {
      if (!world.apps().containsKey(id)) {
        removed.add(id);
      }
    }
    for (AppId id : removed) {
      Deployment deployment = moving.get(id);
      boolean held = deployment != null && deployment.isRunning();
      if (!held && isWithoutTasks(id)) {
        actions.add(new Action.ForgetApp(id));
      }
    }
  }

  private boolean isWithoutTasks(AppId id) {
    return world.tasksOf(id).stream()
        .noneMatch(task -> task.isActive() && !AppTasks.isGivenUp(task, world, now));
  }
}
