package io.dromos.control;

import io.dromos.deployment.Action;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where kills because of health are stopped, from turn to turn of one leader: to tell once that
 * they are, and once that they go on. Who takes over the lead tells anew.
 */
final class HealthHolds {
  private static final Logger LOG = System.getLogger(HealthHolds.class.getName());

  /** What is different from the turn before. */
  record Change(List<Action.HoldHealthKills> begun, List<Action.HoldHealthKills> ended) {
    boolean isNothing() {
      return begun.isEmpty() && ended.isEmpty();
    }
  }

  /** By agent; empty for the whole cluster. */
  private Map<Optional<String>, Action.HoldHealthKills> held = Map.of();

  Change change(List<Action> actions) {
    Map<Optional<String>, Action.HoldHealthKills> now = of(actions);
    List<Action.HoldHealthKills> begun = new ArrayList<>(now.values());
    begun.removeIf(hold -> held.containsKey(scope(hold)));
    List<Action.HoldHealthKills> ended = new ArrayList<>(held.values());
    ended.removeIf(hold -> now.containsKey(scope(hold)));
    return new Change(begun, ended);
  }

  /** The change has been committed. */
  void commit(List<Action> actions, Change change) {
    held = of(actions);
    change.begun().forEach(hold -> LOG.log(Level.WARNING, hold.why()));
    change
        .ended()
        .forEach(
            hold ->
                LOG.log(
                    Level.WARNING,
                    "unhealthy tasks are killed again {0}",
                    hold.agent() == null ? "in the whole cluster" : "on " + hold.agent()));
  }

  private static Map<Optional<String>, Action.HoldHealthKills> of(List<Action> actions) {
    Map<Optional<String>, Action.HoldHealthKills> holds = new HashMap<>();
    for (Action action : actions) {
      if (action instanceof Action.HoldHealthKills hold) {
        holds.put(scope(hold), hold);
      }
    }
    return Map.copyOf(holds);
  }

  private static Optional<String> scope(Action.HoldHealthKills hold) {
    return Optional.ofNullable(hold.agent());
  }
}
