package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.cluster.Lease;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.LocalPool;
import io.dromos.routing.RoutingInput;
import io.dromos.routing.RoutingPublisher;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Set<String> edgeGroups;
  private final Clock clock;

  private @Nullable RoutingInput published;

  /**
   * @throws Settings.InvalidSettingException for a pool that cannot be used
   */
  public RoutingLoop(
      Stores stores, Lease lease, RoutingPublisher publisher, Settings settings, Clock clock) {
    this.stores = stores;
    this.lease = lease;
    this.publisher = publisher;
    this.clock = clock;
    this.edgeGroups = Set.copyOf(settings.list(Setting.EDGE_GROUPS));
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
    Optional<RoutingInput> changed = stores.transactions().inTransaction(this::readIfChanged);
    if (changed.isPresent()) {
      publisher.publish(changed.get());
      published = changed.get();
    }
  }

  private Optional<RoutingInput> readIfChanged() {
    RoutingInput last = published;
    List<RoutingInput.Node> nodes = nodes();
    if (last != null
        && last.revision() == stores.revisions().current()
        && last.nodes().equals(nodes)) {
      return Optional.empty();
    }
    World world = stores.world().load();
    List<RoutingInput.Placed> tasks = new ArrayList<>();
    for (Task task : world.tasks()) {
      world.specOf(task).ifPresent(spec -> tasks.add(new RoutingInput.Placed(task, spec)));
    }
    return Optional.of(
        new RoutingInput(
            world.revision(),
            world.apps(),
            tasks,
            stores.vips().indices(),
            pool,
            nodes,
            edgeGroups,
            Set.of(),
            newestCause(world, last == null ? Long.MAX_VALUE : last.revision())));
  }

  private List<RoutingInput.Node> nodes() {
    String leader = lease.holder().map(Lease.Holder::node).orElse("");
    return stores.agents().all().stream()
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
                .filter(spec -> !spec.equals(published.apps().get(spec.id())))
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
