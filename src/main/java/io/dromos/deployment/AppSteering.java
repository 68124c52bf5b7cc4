package io.dromos.deployment;

import io.dromos.app.AppSpec;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What one app needs now to follow its course. */
final class AppSteering {
  /**
   * @param launches tasks that may be started now, launch delay aside
   * @param done when the course is reached
   * @param lookAgain when a task will be taken for served although no plane said so
   */
  record Decision(List<Action> kills, int launches, boolean done, Optional<Instant> lookAgain) {
    Decision {
      kills = List.copyOf(kills);
    }
  }

  private final World world;
  private final Instant now;
  private final Arrival arrival;
  private final KillOrder killOrder;

  AppSteering(World world, Instant now, Arrival arrival) {
    this.world = world;
    this.now = now;
    this.arrival = arrival;
    this.killOrder = new KillOrder(world);
  }

  Decision decide(AppCourse course, AppTasks tasks) {
    AppSpec spec = course.spec();
    if (course.mode() == AppCourse.Mode.PASS) {
      return new Decision(List.of(), 0, true, Optional.empty());
    } else if (course.mode() == AppCourse.Mode.HOLD) {
      int launches = spec == null ? 0 : room(spec.instances(), spec, tasks);
      return new Decision(List.of(), launches, false, Optional.empty());
    } else if (spec == null) {
      return stop(tasks);
    } else if (course.mode() == AppCourse.Mode.REPLACE && spec.instances() > 0) {
      return replace(spec, tasks);
    }
    return scale(spec, tasks, course.mode() == AppCourse.Mode.SETTLED);
  }

  private Decision stop(AppTasks tasks) {
    List<Action> kills = new ArrayList<>();
    List<Task> all = new ArrayList<>(tasks.wanted());
    tasks.away().stream().filter(t -> t.goal().wantsRunning()).forEach(all::add);
    all.forEach(t -> kills.add(new Action.Kill(t, KillReason.APP_STOPPED, "the app is stopped")));
    return new Decision(kills, 0, !tasks.anyActive(), Optional.empty());
  }

  private Decision scale(AppSpec spec, AppTasks tasks, boolean settled) {
    int wanted = spec.instances();
    int excess = tasks.wanted().size() - wanted;
    if (excess > 0) {
      List<Action> kills = new ArrayList<>();
      for (Task task : killOrder.choose(tasks.wanted(), excess, spec)) {
        kills.add(
            new Action.Kill(
                task, KillReason.SCALED_DOWN, wanted + " instances are wanted, this is one more"));
      }
      return new Decision(kills, 0, false, Optional.empty());
    }
    if (settled) {
      // Nobody waits for its tasks to arrive.
      return new Decision(List.of(), room(wanted, spec, tasks), false, Optional.empty());
    }
    boolean shrinking =
        tasks.stopping().stream()
            .anyMatch(t -> wanted == 0 || t.goal().kill() == KillReason.SCALED_DOWN);
    boolean done = excess == 0 && !shrinking && allArrived(tasks.wanted());
    return new Decision(List.of(), room(wanted, spec, tasks), done, lookAgain(tasks.wanted()));
  }

  private Decision replace(AppSpec spec, AppTasks tasks) {
    List<Task> old = new ArrayList<>();
    List<Task> fresh = new ArrayList<>();
    tasks.wanted().forEach(t -> (AppTasks.runsConfigOf(t, world, spec) ? fresh : old).add(t));
    List<Action> kills = new ArrayList<>();
    int excess = fresh.size() - spec.instances();
    if (excess > 0) {
      for (Task task : killOrder.choose(fresh, excess, spec)) {
        fresh.remove(task);
        kills.add(new Action.Kill(task, KillReason.SCALED_DOWN, "more new tasks than wanted"));
      }
    }
    Upgrade upgrade =
        Upgrade.of(
            new Upgrade.Counts(
                spec.instances(),
                old.size(),
                count(old, arrival::isHealthy),
                fresh.size(),
                count(fresh, arrival::hasArrived),
                tasks.stopping().size() + kills.size()),
            spec.upgradeStrategy());
    for (Task task : firstToGo(old, spec).subList(0, upgrade.killOld())) {
      kills.add(
          new Action.Kill(task, KillReason.REPLACED, "version " + spec.version() + " replaces it"));
    }
    boolean oldStillThere =
        !old.isEmpty()
            || tasks.stopping().stream().anyMatch(t -> !AppTasks.runsConfigOf(t, world, spec));
    boolean done =
        kills.isEmpty() && !oldStillThere && fresh.size() == spec.instances() && allArrived(fresh);
    return new Decision(kills, upgrade.start(), done, lookAgain(fresh));
  }

  /** Old tasks, those that serve nobody first. */
  private List<Task> firstToGo(List<Task> old, AppSpec spec) {
    List<Task> ordered = new ArrayList<>(killOrder.choosePlain(old, old.size(), spec));
    ordered.sort(Comparator.comparing(arrival::isHealthy));
    return ordered;
  }

  /**
   * Missing instances, as long as stopping tasks leave room for them: a replacement starts at once
   * where the app may exceed its count, and else when its predecessor is gone.
   */
  private static int room(int wanted, AppSpec spec, AppTasks tasks) {
    int missing = wanted - tasks.wanted().size();
    int maximum = Math.max(wanted, Upgrade.maximum(wanted, spec.upgradeStrategy()));
    int free = maximum - tasks.wanted().size() - tasks.stopping().size();
    return Math.max(0, Math.min(missing, free));
  }

  private boolean allArrived(Collection<Task> tasks) {
    return tasks.stream().allMatch(arrival::hasArrived);
  }

  private Optional<Instant> lookAgain(Collection<Task> tasks) {
    return tasks.stream()
        .flatMap(task -> arrival.servedAtLatest(task).stream())
        .filter(at -> at.isAfter(now))
        .min(Comparator.naturalOrder());
  }

  private static int count(Collection<Task> tasks, Predicate<Task> test) {
    return (int) tasks.stream().filter(test).count();
  }
}
