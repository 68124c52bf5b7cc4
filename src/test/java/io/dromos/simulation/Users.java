package io.dromos.simulation;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.ReadinessCheck;
import io.dromos.app.UnreachableStrategy;
import io.dromos.control.Change;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandResult;
import io.dromos.control.Rejection;
import io.dromos.deployment.AnApp;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.World;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Users who ask for this and that, at whatever node is up. */
final class Users {
  /** What they ask for, in the words of the summary. */
  enum Wish {
    PUT,
    SCALE,
    RESTART,
    DELETE,
    KILL,
    KILL_AND_SCALE,
    PUT_SEVERAL,
    DELETE_GROUP,
    ROLL_BACK,
    ABANDON,
    RESET_DELAY,
    FIX
  }

  private static final double[] SHARES = {0, 0.34, 0.5, 1};
  private static final List<UnreachableStrategy> PATIENCE =
      List.of(
          UnreachableStrategy.DEFAULT,
          UnreachableStrategy.DISABLED,
          new UnreachableStrategy(false, 5, 15),
          new UnreachableStrategy(false, 0, 20));

  private final Schedule schedule;
  private final Invariants invariants;
  private final List<SimulatedNode> nodes;
  private final int apps;
  private final Map<Wish, Integer> counts = new EnumMap<>(Wish.class);
  private int versions;
  private boolean abandoned;

  /**
   * @param apps how many different apps there may be
   */
  Users(Schedule schedule, Invariants invariants, List<SimulatedNode> nodes, int apps) {
    this.schedule = schedule;
    this.invariants = invariants;
    this.nodes = nodes;
    this.apps = apps;
  }

  Map<Wish, Integer> counts() {
    return counts;
  }

  /** Somebody stopped a deployment half way: tasks of an older definition may stay. */
  boolean abandonedAny() {
    return abandoned;
  }

  /** One wish, if any node can be asked. */
  void wish() {
    List<SimulatedNode> up = nodes.stream().filter(SimulatedNode::isUp).toList();
    if (up.isEmpty()) {
      return;
    }
    SimulatedNode node = schedule.pick(up);
    boolean force = schedule.chance(0.4);
    AppId id = appId(schedule.dice(apps));
    int dice = schedule.dice(100);
    if (dice < 8) {
      putSeveral(node, force);
    } else if (dice < 10) {
      deleteGroup(node, force);
    } else if (dice < 45) {
      put(node, anySpec(id), force, Wish.PUT);
    } else if (dice < 60) {
      edit(node, id, force, Wish.SCALE);
    } else if (dice < 66) {
      edit(node, id, force, Wish.RESTART);
    } else if (dice < 72) {
      delete(node, id, force);
    } else if (dice < 86) {
      kill(node, dice < 80);
    } else if (dice < 97) {
      stop(node, dice < 92);
    } else {
      ask(node, Wish.RESET_DELAY, id.path(), () -> node.commands().resetDelay(id, context(false)));
    }
  }

  /** Everybody's definitions become such as can be deployed. */
  void fix() {
    SimulatedNode node = schedule.pick(nodes);
    for (AppSpec spec : List.copyOf(invariants.apps().values())) {
      if (!canWork(spec)) {
        put(node, spec(spec.id(), Program.SOUND, false, false), true, Wish.FIX);
      } else if (abandoned && leftBehind(spec)) {
        edit(node, spec.id(), true, Wish.RESTART);
      }
    }
  }

  /** Tasks that an abandoned deployment left behind, and that never get healthy, make way. */
  private boolean leftBehind(AppSpec spec) {
    World world = invariants.world();
    return world.deployments().stream().noneMatch(d -> d.affectedApps().contains(spec.id()))
        && world.tasks().stream()
            .filter(task -> task.appId().equals(spec.id()) && task.goal().wantsRunning())
            .anyMatch(task -> world.specOf(task).map(s -> !canWork(s)).orElse(false));
  }

  /** Whether tasks of the app come up and get healthy when nothing else goes wrong. */
  static boolean canWork(AppSpec spec) {
    return Program.of(String.valueOf(spec.cmd())).isGood() && spec.resources().cpus() <= 2;
  }

  private static AppId appId(int number) {
    return AppId.of(number < 2 ? "/app" + number : "/group/app" + number);
  }

  private Program anyProgram() {
    int dice = schedule.dice(20);
    return dice < 13
        ? Program.SOUND
        : dice < 16
            ? Program.SLUGGISH
            : dice < 17 ? Program.SICK : dice < 19 ? Program.CRASHES : Program.BROKEN;
  }

  private AppSpec anySpec(AppId id) {
    return spec(id, anyProgram(), true, schedule.chance(0.05));
  }

  /**
   * @param mayFail whether its deployment may have a deadline
   */
  private AppSpec spec(AppId id, Program program, boolean mayFail, boolean tooBig) {
    AnApp app =
        AnApp.called(id.path())
            .cmd(program.line(++versions))
            .instances(schedule.dice(5))
            .upgrade(SHARES[schedule.dice(SHARES.length)], SHARES[schedule.dice(SHARES.length)])
            .backoff(1, schedule.chance(0.5) ? 1.15 : 2, 8)
            .unreachable(schedule.pick(PATIENCE))
            .kill(schedule.pick(List.of(KillSelection.values())));
    if (schedule.chance(0.85)) {
      app.port(0, 0, Map.of("VIP_0", id.path() + ":80"));
    }
    if (program == Program.SICK || schedule.chance(0.4)) {
      app.check(check());
    }
    if (tooBig) {
      app.resources(64, 32);
    }
    if (schedule.chance(0.3) && !id.name().endsWith("0")) {
      app.dependsOn("/app0");
    }
    if (schedule.chance(0.2)) {
      app.readiness(
          new ReadinessCheck("ready", false, "/ready", "main", 2, 1, List.of(200), false));
    }
    if (mayFail && schedule.chance(0.2)) {
      app.deadline((int) schedule.between(2, 40));
    }
    return app.spec();
  }

  private HealthCheck check() {
    return new HealthCheck(
        schedule.chance(0.5) ? HealthCheck.Protocol.HTTP : HealthCheck.Protocol.MESOS_TCP,
        "/health",
        0,
        null,
        null,
        (int) schedule.between(3, 8),
        (int) schedule.between(1, 4),
        2,
        schedule.dice(4),
        0,
        false,
        "IPv4");
  }

  private void put(SimulatedNode node, AppSpec spec, boolean force, Wish wish) {
    change(node, wish, spec.id().path(), force, tree -> Change.Proceed.upsert(spec));
  }

  private void putSeveral(SimulatedNode node, boolean force) {
    List<AppSpec> specs = new ArrayList<>();
    for (int i = 0; i < apps; i++) {
      specs.add(anySpec(appId(i)));
    }
    change(
        node, Wish.PUT_SEVERAL, "/", force, tree -> new Change.Proceed(specs, Set.of(), Set.of()));
  }

  private void deleteGroup(SimulatedNode node, boolean force) {
    AppId group = AppId.of("/group");
    change(
        node,
        Wish.DELETE_GROUP,
        group.path(),
        force,
        tree -> {
          Set<AppId> below = new TreeSet<>();
          tree.appsBelow(group).forEach(spec -> below.add(spec.id()));
          return tree.hasGroup(group)
              ? new Change.Proceed(
                  List.of(),
                  below,
                  Set.of(),
                  new Change.GroupChange(group, List.of(), Set.of(group)))
              : new Change.Refuse(new Rejection.AppNotFound(group));
        });
  }

  private void edit(SimulatedNode node, AppId id, boolean force, Wish wish) {
    int instances = schedule.dice(6);
    change(
        node,
        wish,
        id.path(),
        force,
        tree -> {
          AppSpec spec = tree.apps().get(id);
          if (spec == null) {
            return new Change.Refuse(new Rejection.AppNotFound(id));
          }
          return wish == Wish.RESTART
              ? new Change.Proceed(List.of(spec), Set.of(), Set.of(id))
              : Change.Proceed.upsert(spec.withInstances(instances));
        });
  }

  private void delete(SimulatedNode node, AppId id, boolean force) {
    change(
        node,
        Wish.DELETE,
        id.path(),
        force,
        tree ->
            tree.apps().containsKey(id)
                ? new Change.Proceed(List.of(), Set.of(id), Set.of())
                : new Change.Refuse(new Rejection.AppNotFound(id)));
  }

  private void kill(SimulatedNode node, boolean replace) {
    List<Task> tasks = invariants.world().tasks();
    if (tasks.isEmpty()) {
      return;
    }
    Set<TaskId> ids = Set.of(schedule.pick(tasks).id());
    if (replace) {
      ask(node, Wish.KILL, ids.toString(), () -> node.commands().kill(ids, false, context(false)));
    } else {
      asked(
          node,
          Wish.KILL_AND_SCALE,
          ids.toString(),
          false,
          c -> node.commands().killAndScale(ids, c));
    }
  }

  private void stop(SimulatedNode node, boolean back) {
    List<Deployment> running = new ArrayList<>(invariants.world().deployments());
    if (running.isEmpty()) {
      return;
    }
    String id = schedule.pick(running).id();
    if (back) {
      asked(node, Wish.ROLL_BACK, id, true, c -> node.commands().rollBack(id, c));
    } else {
      abandoned = true;
      ask(node, Wish.ABANDON, id, () -> node.commands().abandon(id, context(false)));
    }
  }

  private void change(SimulatedNode node, Wish wish, String what, boolean force, Change change) {
    asked(node, wish, what, force, c -> node.commands().change(change, c));
  }

  private void asked(
      SimulatedNode node,
      Wish wish,
      String what,
      boolean force,
      java.util.function.Function<CommandContext, CommandResult> command) {
    World before = invariants.world();
    Object answer = ask(node, wish, what, () -> command.apply(context(force)));
    if (answer instanceof CommandResult.Accepted accepted) {
      invariants.acknowledged(accepted);
    } else if (answer instanceof CommandResult.Refused refused) {
      invariants.refused(refused.rejection(), before);
    }
  }

  /** The answer, or an empty text when there was none. */
  private Object ask(SimulatedNode node, Wish wish, String what, Supplier<?> command) {
    counts.merge(wish, 1, Integer::sum);
    schedule.note("user", wish + " " + what + " at " + node.name());
    try {
      return command.get();
    } catch (Gates.StoreFailure e) {
      schedule.note("user", e.getMessage());
      return "";
    }
  }

  private static CommandContext context(boolean force) {
    return new CommandContext("10.1.1.1", "/v2/apps", force, true);
  }
}
