package io.dromos.simulation;

import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.simulation.Gates.Part;
import io.dromos.store.AgentStore;
import io.dromos.store.AppStore;
import io.dromos.store.DeploymentStore;
import io.dromos.store.EventStore;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import io.dromos.store.TaskStore;
import io.dromos.store.WorldReader;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import io.dromos.task.Transition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Mistakes made on purpose, each put between a loop and its stores: the simulation has to notice
 * every one of them.
 */
enum Mutation {
  /** Nothing is wrong. */
  NONE(""),
  /** The leader writes without asking whether it still leads. */
  LEASE_NOT_VERIFIED("wrote although it does not lead"),
  /** The agent takes every plane for one that has acknowledged. */
  DRAIN_NOT_AWAITED("is stopped before"),
  /** The agent acts first and writes down its intention never. */
  INTENTION_NOT_STORED("launched before the intention was stored"),
  /** The leader stops one task more than it decided to. */
  ONE_KILL_TOO_MANY("healthy tasks killed, minimum"),
  /** The leader starts tasks beside those that it does not see. */
  STARTING_TASKS_UNSEEN("launched beside|belongs to"),
  /** The leader places tasks without a look at the ports that others have. */
  PORTS_IGNORED("belongs to"),
  /** The leader doesn't notice what users changed since it looked. */
  CHANGES_UNNOTICED(""),
  /** Some events of an agent get lost. */
  EVENTS_LOST("nobody was told of the end"),
  /** The leader forgets tasks that still run. */
  EXPUNGED_EARLY("is forgotten although"),
  /** Without a timer a lost notification is lost for ever. */
  NO_TIMERS("not what was asked for");

  private final String words;

  Mutation(String words) {
    this.words = words;
  }

  /** What the broken invariant has to say, alternatives between bars. */
  String words() {
    return words;
  }

  /** The stores as the mistaken loop sees them. */
  Stores of(Part part, Stores real) {
    return switch (this) {
      case DRAIN_NOT_AWAITED -> part == Part.AGENT ? with(real, acknowledging(real)) : real;
      case INTENTION_NOT_STORED ->
          part == Part.AGENT ? with(real, forgetful(real.tasks()), real.agents()) : real;
      case ONE_KILL_TOO_MANY ->
          part == Part.CONTROL ? with(real, cruel(real.tasks()), real.agents()) : real;
      case STARTING_TASKS_UNSEEN -> part == Part.CONTROL ? with(real, blind(real)) : real;
      case PORTS_IGNORED -> part == Part.CONTROL ? with(real, portless(real)) : real;
      case CHANGES_UNNOTICED -> part == Part.CONTROL ? stubborn(real) : real;
      case EVENTS_LOST -> part == Part.AGENT ? with(real, lossy(real.events())) : real;
      case EXPUNGED_EARLY ->
          part == Part.CONTROL ? with(real, hasty(real.tasks()), real.agents()) : real;
      case NONE, LEASE_NOT_VERIFIED, NO_TIMERS -> real;
    };
  }

  private static WorldReader acknowledging(Stores real) {
    return () -> {
      World world = real.world().load();
      return new World(
          world.revision(),
          world.apps(),
          world.versions(),
          world.tasks(),
          world.deployments(),
          world.delays(),
          world.queue(),
          world.agents().stream().map(Mutation::acknowledged).toList());
    };
  }

  private static Agent acknowledged(Agent agent) {
    return agent.seen(Long.MAX_VALUE, agent.seenAt());
  }

  private static TaskStore forgetful(TaskStore real) {
    return wrap(
        TaskStore.class,
        real,
        (method, arguments, call) -> {
          if (!method.equals("observe")) {
            return call.make();
          }
          List<Transition> stored = new ArrayList<>();
          List<Transition> claimed = new ArrayList<>();
          for (Object each : (Collection<?>) arguments[0]) {
            Transition transition = (Transition) each;
            (transition.next().state() == TaskState.STARTING ? claimed : stored).add(transition);
          }
          claimed.addAll(real.observe(stored));
          return claimed;
        });
  }

  private static TaskStore cruel(TaskStore real) {
    return wrap(
        TaskStore.class,
        real,
        (method, arguments, call) -> {
          if (method.equals("kill")) {
            List<TaskId> ids = new ArrayList<>();
            ((Collection<?>) arguments[0]).forEach(id -> ids.add((TaskId) id));
            real.all().stream()
                .filter(t -> !ids.isEmpty() && t.appId().equals(ids.get(0).appId()))
                .filter(t -> t.isRunning() && t.goal().wantsRunning() && !ids.contains(t.id()))
                .findFirst()
                .ifPresent(t -> ids.add(t.id()));
            real.kill(ids, (KillReason) arguments[1], (Instant) arguments[2]);
            return null;
          }
          return call.make();
        });
  }

  private static TaskStore hasty(TaskStore real) {
    return wrap(
        TaskStore.class,
        real,
        (method, arguments, call) -> {
          Object done = call.make();
          if (method.equals("kill")) {
            List<TaskId> ids = new ArrayList<>();
            ((Collection<?>) arguments[0]).forEach(id -> ids.add((TaskId) id));
            real.expunge(ids);
          }
          return done;
        });
  }

  private static WorldReader blind(Stores real) {
    return () -> {
      World world = real.world().load();
      return withTasks(
          world, world.tasks().stream().filter(t -> t.state() != TaskState.STARTING).toList());
    };
  }

  private static WorldReader portless(Stores real) {
    return () -> {
      World world = real.world().load();
      return withTasks(world, world.tasks().stream().map(Mutation::withoutPorts).toList());
    };
  }

  private static Task withoutPorts(Task task) {
    TaskGoal goal = task.goal();
    return new Task(
        new TaskGoal(
            goal.id(),
            goal.appId(),
            goal.version(),
            goal.agent(),
            goal.host(),
            List.of(),
            goal.resources(),
            goal.stagedAt(),
            goal.kill(),
            goal.killAt(),
            goal.revision()),
        task.seen());
  }

  private static World withTasks(World world, List<Task> tasks) {
    return new World(
        world.revision(),
        world.apps(),
        world.versions(),
        tasks,
        world.deployments(),
        world.delays(),
        world.queue(),
        world.agents());
  }

  private static Stores stubborn(Stores real) {
    Instant[] root = {Instant.EPOCH};
    World[] read = {real.world().load()};
    AppStore apps =
        wrap(
            AppStore.class,
            real.apps(),
            (method, arguments, call) -> {
              if (method.equals("rootVersion")) {
                root[0] = real.apps().rootVersion();
              }
              return method.equals("lockRoot") ? root[0] : call.make();
            });
    DeploymentStore deployments =
        wrap(
            DeploymentStore.class,
            real.deployments(),
            (method, arguments, call) ->
                switch (method) {
                  case "running" -> read[0].deployments();
                  case "delays" -> read[0].delays();
                  case "changedSince" -> false;
                  default -> call.make();
                });
    WorldReader world = () -> read[0] = real.world().load();
    return new Stores(
        apps,
        real.tasks(),
        deployments,
        real.events(),
        real.revisions(),
        real.agents(),
        real.vips(),
        world,
        real.transactions());
  }

  private static EventStore lossy(EventStore real) {
    int[] count = {0};
    return wrap(
        EventStore.class,
        real,
        (method, arguments, call) -> {
          if (method.equals("append") && count[0]++ % 10 == 9) {
            List<StoredEvent> fewer = new ArrayList<>();
            ((Collection<?>) arguments[0]).forEach(event -> fewer.add((StoredEvent) event));
            fewer.remove(0);
            real.append(fewer);
            return null;
          }
          return call.make();
        });
  }

  /** The call as it was made. */
  private interface Call {
    Object make();
  }

  private interface Twist {
    @org.jspecify.annotations.Nullable
    Object answer(String method, Object[] arguments, Call call);
  }

  private static <T> T wrap(Class<T> type, T real, Twist twist) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                twist.answer(method.getName(), arguments, () -> invoke(method, real, arguments))));
  }

  private static Object invoke(Method method, Object real, Object[] arguments) {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stores with(Stores s, TaskStore tasks, AgentStore agents) {
    return new Stores(
        s.apps(),
        tasks,
        s.deployments(),
        s.events(),
        s.revisions(),
        agents,
        s.vips(),
        s.world(),
        s.transactions());
  }

  private static Stores with(Stores s, WorldReader world) {
    return new Stores(
        s.apps(),
        s.tasks(),
        s.deployments(),
        s.events(),
        s.revisions(),
        s.agents(),
        s.vips(),
        world,
        s.transactions());
  }

  private static Stores with(Stores s, EventStore events) {
    return new Stores(
        s.apps(),
        s.tasks(),
        s.deployments(),
        events,
        s.revisions(),
        s.agents(),
        s.vips(),
        s.world(),
        s.transactions());
  }
}
