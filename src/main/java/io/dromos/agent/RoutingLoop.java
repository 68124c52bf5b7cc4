package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.cluster.Lease;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.EdgeRules;
import io.dromos.routing.LocalPool;
import io.dromos.routing.RoutingInput;
import io.dromos.routing.RoutingPublisher;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every node's way from the store to its planes: when the world has moved on, read it, compile it,
 * publish it. While the database is gone a turn fails and the planes go on serving the last
 * snapshot.
 */
public final class RoutingLoop {
  private final Stores stores;
  private final Lease lease;
  private final RoutingPublisher publisher;
  private final LocalPool pool;
  private final EdgeRules edge;
  private final Clock clock;

  private final Moderation moderation = new Moderation();

  private @Nullable Reading published;

  /**
   * @throws Settings.InvalidSettingException for a pool that cannot be used
   */
  public RoutingLoop(
      Stores stores, Lease lease, RoutingPublisher publisher, Settings settings, Clock clock) {
    this.stores = stores;
    this.lease = lease;
    this.publisher = publisher;
    this.clock = clock;
    this.edge =
        new EdgeRules(
            Set.copyOf(settings.list(Setting.EDGE_GROUPS)), settings.flag(Setting.EDGE_STRICT));
    try {
      this.pool = LocalPool.parse(settings.text(Setting.VIP_LOCAL_POOL));
    } catch (IllegalArgumentException e) {
      throw new Settings.InvalidSettingException(
          Setting.VIP_LOCAL_POOL.key() + "=" + e.getMessage());
    }
  }

  /** One pass; to be called on one thread, when something changed and every second anyway. */
  public void turn() {
    publisher.retryDegraded();
    breathe();
    Reading reading = stores.transactions().inTransaction(this::readIfChanged);
    if (reading != null) {
      long began = System.nanoTime();
      publisher.publish(reading.input());
      published = reading;
      moderation.spent(began, System.nanoTime());
    }
  }

  /**
   * While tasks come up by the thousand, a snapshot takes its time to compile, and the next change
   * is there before it is served: some are gathered. A change in quiet times waits for nothing, and
   * removals that this node sees never do: they go by {@link RoutingPublisher#withdraw}.
   */
  private void breathe() {
    long pause = moderation.pause(System.nanoTime());
    if (pause > 0) {
      LockSupport.parkNanos(pause);
    }
  }

  /** What was published, and the tasks in it that can be seen in routes. */
  private record Reading(RoutingInput input, World world, String leader, List<Task> routed) {}

  private @Nullable Reading readIfChanged() {
    Reading last = published;
    World world = stores.world().load();
    String leader = lease.holder().map(Lease.Holder::node).orElse("");
    List<RoutingInput.Node> nodes =
        last != null && last.world().fleet() == world.fleet() && last.leader().equals(leader)
            ? last.input().nodes()
            : nodes(world, leader);
    if (last != null
        && last.world().revision() == world.revision()
        && last.input().nodes().equals(nodes)) {
      return null;
    }
    List<Task> routed = world.tasks().stream().filter(RoutingLoop::isRouted).toList();
    if (last != null
        && last.world().revision() <= world.revision()
        && last.world().apps().equals(world.apps())
        && last.world().versions().equals(world.versions())
        && last.routed().equals(routed)
        && last.input().nodes().equals(nodes)) {
      // Tasks on their way, queues and deployments are in no route.
      return null;
    }
    List<RoutingInput.Placed> tasks = new ArrayList<>();
    for (Task task : world.tasks()) {
      world.specOf(task).ifPresent(spec -> tasks.add(new RoutingInput.Placed(task, spec)));
    }
    RoutingInput input =
        new RoutingInput(
            world.revision(),
            world.apps(),
            tasks,
            stores.vips().indices(),
            pool,
            nodes,
            edge,
            Set.of(),
            newestCause(world, last == null ? Long.MAX_VALUE : last.input().revision()));
    return new Reading(input, world, leader, routed);
  }

  private static boolean isRouted(Task task) {
    return task.state() == TaskState.RUNNING
        || task.state() == TaskState.KILLING
        || task.state() == TaskState.UNREACHABLE;
  }

  private static List<RoutingInput.Node> nodes(World world, String leader) {
    return world.agents().stream()
        .map(
            agent ->
                new RoutingInput.Node(
                    agent.name(),
                    agent.address(),
                    agent.id(),
                    apiPort(agent),
                    agent.roles().contains("master"),
                    agent.isAgent(),
                    agent.name().equals(leader)))
        .toList();
  }

  private static int apiPort(Agent agent) {
    try {
      return Integer.parseInt(agent.api().substring(agent.api().lastIndexOf(':') + 1));
    } catch (NumberFormatException e) {
      // An address without a port is reached at that of plain HTTP.
      return 80;
    }
  }

  /** When the newest of the changes after {@code revision} was observed. */
  private Instant newestCause(World world, long revision) {
    Stream<Instant> ofTasks =
        world.tasks().stream()
            .filter(task -> task.goal().revision() > revision || task.seen().revision() > revision)
            .flatMap(RoutingLoop::instantsOf);
    Stream<Instant> ofApps =
        published == null
            ? Stream.of()
            : world.apps().values().stream()
                .filter(spec -> !spec.equals(published.input().apps().get(spec.id())))
                .map(AppSpec::version);
    return Stream.concat(ofTasks, ofApps).max(Instant::compareTo).orElseGet(clock::instant);
  }

  private static Stream<Instant> instantsOf(Task task) {
    Stream<@Nullable Instant> health =
        task.seen().health().stream()
            .flatMap(result -> Stream.of(result.firstSuccess(), result.lastFailure()));
    return Stream.concat(
            Stream.of(task.seen().since(), task.goal().stagedAt(), task.goal().killAt()), health)
        .flatMap(Stream::ofNullable);
  }
}
