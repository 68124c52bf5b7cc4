package io.dromos.store;

import io.dromos.deployment.World;
import io.dromos.deployment.WorldChange;

/**
 * Where {@link WorldImage} reads what changed. Every call joins the transaction of the thread and
 * sees at least what had been committed when it began.
 */
public interface WorldSource {
  /**
   * How far the store is.
   *
   * @param incarnation another one when the store was put back to an earlier state
   * @param revision the newest
   * @param pruned newest revision of a deletion that the store has forgotten
   * @param uncommitted the thread's transaction has written, and only it can see that yet
   */
  record Position(String incarnation, long revision, long pruned, boolean uncommitted) {}

  /**
   * What was read at one instant.
   *
   * @param mark where the next reading of agents begins; they report all the time, so what they say
   *     has no revision
   */
  record Sight(Position position, WorldChange change, String mark) {}

  /** Cheap. */
  Position position();

  /** All there is, as a change of nothing. */
  Sight everything();

  /** What came after {@code known}, read at {@code mark}; revisions and agents. */
  Sight changes(World known, String mark);

  /** As {@link #changes}, when no revision came after {@code known}: only agents. */
  Sight agents(World known, Position position, String mark);
}
