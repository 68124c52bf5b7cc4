package io.dromos.simulation;

import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.store.memory.MemoryStores;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Notifications from every commit to every node: some get lost, come twice, or come late. */
final class SimulatedFeed implements ChangeFeed {
  private final Schedule schedule;
  private final Faults faults;
  private final MemoryStores memory;
  private final Supplier<List<SimulatedNode>> nodes;

  SimulatedFeed(
      Schedule schedule, Faults faults, MemoryStores memory, Supplier<List<SimulatedNode>> nodes) {
    this.schedule = schedule;
    this.faults = faults;
    this.memory = memory;
    this.nodes = nodes;
  }

  @Override
  public void announce(Set<Topic> topics) {
    // An enum's hash differs from run to run, its order doesn't.
    Set<Topic> told = EnumSet.copyOf(topics);
    memory.afterCommit(() -> nodes.get().forEach(node -> send(node, told)));
  }

  private void send(SimulatedNode node, Set<Topic> topics) {
    if (faults.strikes(Fault.SIGNAL_LOST)) {
      return;
    }
    boolean late = faults.strikes(Fault.SIGNAL_DELAYED);
    deliver(node, topics, late ? schedule.between(500, 6_000) : schedule.between(1, 15));
    if (faults.strikes(Fault.SIGNAL_REPEATED)) {
      deliver(node, topics, schedule.between(1, 3_000));
    }
  }

  private void deliver(SimulatedNode node, Set<Topic> topics, long millis) {
    schedule.after(node.life(), "feed", millis, () -> node.hear(topics));
  }

  @Override
  public void subscribe(Consumer<Set<Topic>> listener) {
    throw new UnsupportedOperationException("nodes are told directly");
  }
}
