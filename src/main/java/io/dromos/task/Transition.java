package io.dromos.task;

import java.util.Set;

/**
 * The only thing a store accepts to change an observation: produced by {@link TaskTransitions}
 * alone. An illegal one leaves the observation as it was, and may still have effects.
 */
public final class Transition {
  private final TaskObservation before;
  private final TaskObservation next;
  private final Set<TaskEffect> effects;
  private final boolean legal;

  Transition(TaskObservation before, TaskObservation next, Set<TaskEffect> effects, boolean legal) {
    this.before = before;
    this.next = next;
    this.effects = Set.copyOf(effects);
    this.legal = legal;
  }

  public TaskId id() {
    return next.id();
  }

  public TaskObservation before() {
    return before;
  }

  public TaskObservation next() {
    return next;
  }

  public Set<TaskEffect> effects() {
    return effects;
  }

  public boolean legal() {
    return legal;
  }

  public boolean changesAnything() {
    return !before.equals(next);
  }
}
