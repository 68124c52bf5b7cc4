package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Action;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Placer;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Places what a turn wants launched, longest-waiting app first, and keeps the launch queue: one
 * entry per app with instances that could not be placed or must wait. A turn launches a bounded
 * number of tasks, so that it stays short and commands get their turn; every app gets its share of
 * them before one gets more, and what is left waits for the next turn, which follows at once.
 */
final class LaunchRound {
  /** An unchanged refusal is written again only after this long: waiting costs no writes. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  /** Launches of one turn: as many as fit into about a fifth of a second. */
  static final int MOST = 1_000;

  /**
   * @param goals new tasks, placed
   * @param queued entries of the queue that are new or changed
   * @param dequeued apps whose entry is to go
   * @param more true when the bound left something to be placed
   */
  record Result(List<TaskGoal> goals, List<QueueEntry> queued, Set<AppId> dequeued, boolean more) {
    Result {
      goals = List.copyOf(goals);
      queued = List.copyOf(queued);
      dequeued = Set.copyOf(dequeued);
    }

    boolean isEmpty() {
      return goals.isEmpty() && queued.isEmpty() && dequeued.isEmpty();
    }
  }

  /** What is left to do of one launch. */
  private static final class Order {
    final AppSpec app;
    int missing;
    int asked;

    Order(Action.Launch launch) {
      this.app = launch.app();
      this.missing = launch.count();
    }
  }

  private final World world;
  private final Map<AppId, QueueEntry> after = new TreeMap<>();
  private final List<TaskGoal> goals = new ArrayList<>();
  private final Instant now;
  private final Supplier<Placer> placers;
  private final Supplier<String> ids;
  private @Nullable Placer placer;

  private LaunchRound(World world, Supplier<Placer> placers, Supplier<String> ids, Instant now) {
    this.world = world;
    this.placers = placers;
    this.ids = ids;
    this.now = now;
  }

  /**
   * @param placers makes the placer; asked only when there is something to place
   * @param ids time-based UUIDs for new tasks
   */
  static Result run(
      List<Action> actions,
      World world,
      Supplier<Placer> placers,
      Supplier<String> ids,
      Instant now) {
    LaunchRound round = new LaunchRound(world, placers, ids, now);
    List<Order> orders = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.Launch launch) {
        orders.add(new Order(launch));
      } else if (action instanceof Action.Wait wait) {
        round.await(wait);
      }
    }
    orders.sort(
        Comparator.comparing((Order order) -> round.since(order.app.id()))
            .thenComparing(order -> order.app.id()));
    boolean more = round.launch(orders);
    List<QueueEntry> queued =
        round.after.values().stream()
            .filter(entry -> !entry.equals(world.queued(entry.appId()).orElse(null)))
            .toList();
    Set<AppId> dequeued = new HashSet<>();
    for (QueueEntry entry : world.queue()) {
      if (!round.after.containsKey(entry.appId())) {
        dequeued.add(entry.appId());
      }
    }
    return new Result(round.goals, queued, dequeued, more);
  }

  /** First everybody's share, then the rest in order. */
  private boolean launch(List<Order> orders) {
    if (orders.isEmpty()) {
      return false;
    }
    placer = placers.get();
    int share = Math.max(1, MOST / orders.size());
    orders.forEach(order -> launch(order, share));
    orders.forEach(order -> launch(order, MOST));
    boolean more = false;
    for (Order order : orders) {
      if (order.missing > 0) {
        more = true;
        enqueue(order.app.id(), order.missing, null, null, order.asked, 0);
      }
    }
    return more;
  }

  private void launch(Order order, int most) {
    Placer places = placer;
    if (places == null) {
      return;
    }
    AppSpec app = order.app;
    for (int n = 0; n < most && order.missing > 0 && goals.size() < MOST; n++) {
      TaskId id = TaskId.create(app.id(), ids.get());
      Placer.Outcome outcome = places.place(app, id);
      if (outcome instanceof Placer.Outcome.Placed placed) {
        order.asked++;
        order.missing--;
        goals.add(placed.placement().goal(app, id, now));
      } else if (outcome instanceof Placer.Outcome.Refused no) {
        // Who refused one instance refuses its twins in the same turn.
        int refused = no.refusal().agents().size();
        enqueue(app.id(), order.missing, null, no.refusal(), order.asked + refused, refused);
        order.missing = 0;
      }
    }
  }

  private void await(Action.Wait wait) {
    QueueEntry old = world.queued(wait.app().id()).orElse(null);
    enqueue(
        wait.app().id(),
        wait.count(),
        wait.notBefore(),
        old == null ? null : old.lastRefusal(),
        0,
        0);
  }

  private void enqueue(
      AppId app,
      int count,
      @Nullable Instant notBefore,
      @Nullable Refusal refusal,
      int asked,
      int refused) {
    QueueEntry old = world.queued(app).orElse(null);
    if (old == null) {
      after.put(
          app,
          new QueueEntry(
              app,
              count,
              now,
              notBefore,
              refusal,
              asked,
              refused,
              refused == 0 ? Map.of() : counted(Map.of(), refusal)));
      return;
    }
    if (isFresh(old, count, notBefore, refusal)) {
      after.put(app, old);
      return;
    }
    after.put(
        app,
        new QueueEntry(
            app,
            count,
            old.since(),
            notBefore,
            refusal,
            old.processedOffers() + asked,
            old.unusedOffers() + refused,
            refused == 0 ? old.refusedBy() : counted(old.refusedBy(), refusal)));
  }

  /** The counts of a launch attempt, with one more refusal in them. */
  private static Map<RefusalReason, Integer> counted(
      Map<RefusalReason, Integer> before, @Nullable Refusal refusal) {
    Map<RefusalReason, Integer> counts = new EnumMap<>(RefusalReason.class);
    counts.putAll(before);
    if (refusal != null) {
      refusal.agents().forEach(no -> counts.merge(no.reason(), 1, Integer::sum));
    }
    return counts;
  }

  private boolean isFresh(
      QueueEntry old, int count, @Nullable Instant notBefore, @Nullable Refusal refusal) {
    if (old.count() != count || !java.util.Objects.equals(old.notBefore(), notBefore)) {
      return false;
    }
    Refusal last = old.lastRefusal();
    if (refusal == null || last == null) {
      return refusal == null && last == null;
    }
    return last.summary().equals(refusal.summary())
        && last.agents().equals(refusal.agents())
        && last.at().plus(REFRESH).isAfter(now);
  }

  private Instant since(AppId app) {
    return world.queued(app).map(QueueEntry::since).orElse(now);
  }
}
