package io.dromos.agent;

import io.dromos.app.Resources;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.placement.Agent;
import io.dromos.platform.Loops;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the others that this node lives, what it offers, what it can run and which revision its
 * planes serve: every 2 seconds, and at once when the planes have moved on. It has a loop of its
 * own, so that it waits behind no launch.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final NodeInfo node;
  private final Machine machine;
  private final Stores stores;
  private final ChangeFeed feed;
  private final Planes planes;
  private final Runtimes runtimes;
  private final Instant startedAt;
  private final Loops.Loop loop;
  private final Loops.Timers timers;
  private volatile boolean due = true;
  private @Nullable Agent last;

  /**
   * @throws Settings.InvalidSettingException for resources, ports or attributes that make no sense
   */
  public Heartbeat(
      NodeInfo node,
      Settings settings,
      Stores stores,
      ChangeFeed feed,
      Planes planes,
      Runtimes runtimes,
      Clock clock,
      Loops loops) {
    this.node = node;
    this.machine = Machine.read(settings, node.dataDir());
    this.stores = stores;
    this.feed = feed;
    this.planes = planes;
    this.runtimes = runtimes;
    this.startedAt = clock.instant();
    this.loop = loops.loop("heartbeat", this::turn, 1_000);
    this.timers = loops.timers();
  }

  public Heartbeat start() {
    loop.start();
    timers.every(
        Duration.ZERO,
        PERIOD,
        () -> {
          due = true;
          loop.signal();
        });
    return this;
  }

  /** The planes serve a newer revision: tell it at once. */
  public void signal() {
    loop.signal();
  }

  @Override
  public void close() {
    timers.close();
    loop.close();
  }

  /** One beat; runs on one thread at a time. */
  void turn() {
    boolean whole = due || last == null;
    due = false;
    Agent before = last;
    if (whole) {
      last = stores.transactions().inTransaction(() -> beat(before));
    } else if (before != null) {
      last = stores.transactions().inTransaction(() -> acknowledge(before));
    }
  }

  private Agent beat(@Nullable Agent before) {
    Agent now = report(before == null ? stores.agents().agentId(node.name()) : before.id());
    stores.agents().heartbeat(now);
    if (!now.equals(before)) {
      feed.announce(Set.of(Topic.AGENTS));
    }
    return now;
  }

  private Agent acknowledge(Agent before) {
    long served = planes.servedRevision();
    if (served == before.servedRevision()) {
      return before;
    }
    stores.agents().served(node.name(), served);
    feed.announce(Set.of(Topic.AGENTS));
    return withServed(before, served);
  }

  private Agent report(String id) {
    boolean agent = node.is("agent");
    Map<String, String> problems = agent ? runtimes.problems() : Map.of();
    List<String> features = agent ? runtimes.features() : List.of();
    // The revision is read before the reports: it may be told too low, never too high.
    long served = planes.servedRevision();
    return new Agent(
        node.name(),
        id,
        node.address(),
        node.api(),
        node.roles(),
        agent ? machine.total() : Resources.NONE,
        agent ? machine.ports() : List.of(),
        machine.attributes(),
        features,
        problems,
        served,
        planes.reports(),
        startedAt,
        startedAt);
  }

  private static Agent withServed(Agent agent, long served) {
    return new Agent(
        agent.name(),
        agent.id(),
        agent.address(),
        agent.api(),
        agent.roles(),
        agent.total(),
        agent.ports(),
        agent.attributes(),
        agent.features(),
        agent.problems(),
        served,
        agent.planes(),
        agent.startedAt(),
        agent.seenAt());
  }
}
