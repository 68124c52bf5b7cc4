package io.dromos.placement;

import io.dromos.app.AppSpec;
import io.dromos.app.Constraint;
import io.dromos.placement.Refusal.AgentRefusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The agents in the order in which they are asked to take the next task of one app: fewest tasks of
 * the app first, then the largest free share, then the name. Who refused is not asked again, since
 * nothing becomes free while tasks are placed; only a GROUP_BY may accept later what it refused
 * now. The first question costs one look at every agent, each further one the depth of a heap.
 *
 * <p>For consecutive placements of one app: the order knows nothing of what other apps take.
 */
final class Candidates {
  /** An agent with what it was ordered by. */
  private record Candidate(Slot slot, int peers, double freeShare) {}

  private record Refused(Candidate candidate, AgentRefusal refusal) {}

  private static final Comparator<Candidate> ORDER =
      Comparator.comparingInt(Candidate::peers)
          .thenComparing(Comparator.comparingDouble(Candidate::freeShare).reversed())
          .thenComparing(candidate -> candidate.slot().agent().name());

  private final AppSpec app;
  private final List<Slot> slots;
  private final Peers peers;
  private final boolean mayAcceptLater;
  private final List<AgentRefusal> refusals = new ArrayList<>();
  private final List<Refused> deferred = new ArrayList<>();

  /** Null until the first choice turned out not to be enough. */
  private @Nullable PriorityQueue<Candidate> queue;

  private @Nullable Slot first;
  private boolean firstRefused;
  private @Nullable Candidate asked;

  /**
   * @param slots in the order of their names
   */
  Candidates(AppSpec app, List<Slot> slots, Peers peers) {
    this.app = app;
    this.slots = slots;
    this.peers = peers;
    this.mayAcceptLater =
        app.constraints().stream().anyMatch(c -> c.operator() == Constraint.Operator.GROUP_BY);
  }

  boolean isFor(AppSpec other) {
    return app.equals(other);
  }

  /** The next agent to ask about the present task; null when all were. */
  @Nullable Slot next() {
    if (queue == null && first == null) {
      first = best();
      return first;
    }
    Candidate candidate = queue().poll();
    asked = candidate;
    return candidate == null ? null : candidate.slot();
  }

  /** A single look, without a heap: most apps launch one task at a time. */
  private @Nullable Slot best() {
    Slot best = null;
    int fewest = 0;
    for (Slot slot : slots) {
      int count = peers.isEmpty() ? 0 : peers.on(slot.agent().name());
      if (best == null
          || count < fewest
          || (count == fewest && slot.freeShare() > best.freeShare())) {
        best = slot;
        fewest = count;
      }
    }
    return best;
  }

  private PriorityQueue<Candidate> queue() {
    PriorityQueue<Candidate> known = queue;
    if (known == null) {
      List<Candidate> all = new ArrayList<>(slots.size());
      for (Slot slot : slots) {
        if (slot != first || !firstRefused) {
          all.add(candidate(slot));
        }
      }
      known = new PriorityQueue<>(Math.max(1, all.size()), ORDER);
      known.addAll(all);
      queue = known;
    }
    return known;
  }

  private Candidate candidate(Slot slot) {
    return new Candidate(slot, peers.on(slot.agent().name()), slot.freeShare());
  }

  /** The agent given by {@link #next} cannot take the present task. */
  void refuse(Slot slot, AgentRefusal refusal) {
    firstRefused |= queue == null;
    Candidate candidate = asked == null ? candidate(slot) : asked;
    if (mayAcceptLater && refusal.reason() == RefusalReason.UnfulfilledConstraint) {
      deferred.add(new Refused(candidate, refusal));
    } else {
      refusals.add(refusal);
    }
  }

  /** The agent given by {@link #next} took the present task. */
  void placed(Slot slot) {
    if (queue != null) {
      queue.add(candidate(slot));
      askAgain();
    }
  }

  /** Why every agent refused the present task, by name of the agent. */
  List<AgentRefusal> refusals() {
    List<AgentRefusal> all = new ArrayList<>(refusals);
    deferred.forEach(refused -> all.add(refused.refusal()));
    all.sort(Comparator.comparing(AgentRefusal::agent));
    askAgain();
    return all;
  }

  private void askAgain() {
    deferred.forEach(refused -> queue().add(refused.candidate()));
    deferred.clear();
  }
}
