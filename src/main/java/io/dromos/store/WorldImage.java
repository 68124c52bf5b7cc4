package io.dromos.store;

import io.dromos.deployment.World;
import io.dromos.store.WorldSource.Position;
import io.dromos.store.WorldSource.Sight;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The world in memory, brought up to date with what was committed since the last look. Everything
 * is read only at the start, when the store was put back to an earlier state, and when the image is
 * so old that the store has forgotten what was deleted since.
 *
 * <ol>
 *   <li>What is returned is at least as new as the last commit before the call, whoever made it.
 *   <li>What a transaction has written and not committed is seen by that transaction alone.
 *   <li>Revisions follow commit order, so "all rows above a revision" misses none.
 * </ol>
 */
public final class WorldImage implements WorldReader {
  private record State(World world, String incarnation, String mark) {}

  private final WorldSource source;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable State state;

  public WorldImage(WorldSource source) {
    this.source = source;
  }

  @Override
  public World load() {
    // First of all and without the lock: this takes the connection that the rest needs, so nobody
    // waits for a connection while others wait for the lock.
    Position position = source.position();
    if (position.uncommitted()) {
      return own(position);
    }
    lock.lock();
    try {
      State known = state;
      if (known != null && position.revision() < known.world().revision()) {
        // Others may have been faster: only a fresh look tells whether the store went back.
        position = source.position();
      }
      State next = next(known, position);
      state = next;
      return next.world();
    } finally {
      lock.unlock();
    }
  }

  private State next(@Nullable State known, Position position) {
    if (known == null || !leadsTo(known, position)) {
      return everything();
    }
    World before = known.world();
    Sight sight =
        position.revision() == before.revision()
            ? source.agents(before, position, known.mark())
            : source.changes(before, known.mark());
    return leadsTo(known, sight.position()) ? state(before, sight) : everything();
  }

  private State everything() {
    return state(World.EMPTY, source.everything());
  }

  private static State state(World before, Sight sight) {
    return new State(before.with(sight.change()), sight.position().incarnation(), sight.mark());
  }

  /** Whether {@code known} becomes the present by the changes that the store remembers. */
  private static boolean leadsTo(State known, Position position) {
    long revision = known.world().revision();
    return known.incarnation().equals(position.incarnation())
        && revision <= position.revision()
        && revision >= position.pruned();
  }

  /** The world as only this transaction sees it. */
  private World own(Position position) {
    State known = state;
    return known != null && leadsTo(known, position)
        ? known.world().with(source.changes(known.world(), known.mark()).change())
        : everything().world();
  }
}
