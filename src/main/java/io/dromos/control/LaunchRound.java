package io.dromos.control;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Action;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Placement;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Places what a turn wants launched, longest-waiting app first, and keeps the launch queue: one
 * entry per app with instances that could not be placed or must wait.
 */
final class LaunchRound {
  /** An unchanged refusal is written again only after this long: waiting costs no writes. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  /**
   * @param goals new tasks, placed
   * @param queue the complete queue after this turn
   */
  record Result(List<TaskGoal> goals, List<QueueEntry> queue) {
    Result {
      goals = List.copyOf(goals);
      queue = List.copyOf(queue);
    }
  }

  private final Map<AppId, QueueEntry> before = new HashMap<>();
  private final Map<AppId, QueueEntry> after = new TreeMap<>();
  private final List<TaskGoal> goals = new ArrayList<>();
  private final Instant now;
  private final Placer placer;
  private final Supplier<String> ids;

  private LaunchRound(World world, Placer placer, Supplier<String> ids, Instant now) {
    world.queue().forEach(entry -> before.put(entry.appId(), entry));
    this.placer = placer;
    this.ids = ids;
    this.now = now;
  }

  /**
   * @param ids time-based UUIDs for new tasks
   */
  static Result run(
      List<Action> actions, World world, Placer placer, Supplier<String> ids, Instant now) {
    LaunchRound round = new LaunchRound(world, placer, ids, now);
    actions.stream()
        .filter(Action.Launch.class::isInstance)
        .map(Action.Launch.class::cast)
        .sorted(
            Comparator.comparing((Action.Launch launch) -> round.since(launch.app().id()))
                .thenComparing(launch -> launch.app().id()))
        .forEach(round::launch);
    for (Action action : actions) {
      if (action instanceof Action.Wait wait) {
        round.await(wait);
      }
    }
    return new Result(round.goals, List.copyOf(round.after.values()));
  }

  private void launch(Action.Launch launch) {
    AppSpec app = launch.app();
    int asked = 0;
    int refused = 0;
    for (int missing = launch.count(); missing > 0; missing--) {
      TaskId id = TaskId.create(app.id(), ids.get());
      Placer.Outcome outcome = placer.place(app, id);
      if (outcome instanceof Placer.Outcome.Placed placed) {
        asked++;
        goals.add(goal(app, id, placed.placement()));
      } else if (outcome instanceof Placer.Outcome.Refused no) {
        // Who refused one instance refuses its twins in the same turn.
        asked += no.refusal().agents().size();
        refused += no.refusal().agents().size();
        enqueue(app.id(), missing, null, no.refusal(), asked, refused);
        return;
      }
    }
  }

  private void await(Action.Wait wait) {
    QueueEntry old = before.get(wait.app().id());
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
    QueueEntry old = before.get(app);
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
    QueueEntry old = before.get(app);
    return old == null ? now : old.since();
  }

  private TaskGoal goal(AppSpec app, TaskId id, Placement placement) {
    return new TaskGoal(
        id,
        app.id(),
        app.version(),
        placement.agent().name(),
        placement.agent().address(),
        placement.hostPorts(),
        app.resources(),
        now,
        null,
        null,
        0);
  }
}
