package io.dromos.store;

import java.time.Duration;

/**
 * One counter for everything that changes. It is taken with a row lock, so revisions follow commit
 * order, which a bare sequence does not.
 */
public interface RevisionStore {
  long current();

  /** The revision of the current transaction; the same for all its writes. Take it late. */
  long next();

  /**
   * Forgets what was deleted longer than {@code keep} ago. An image of the world that is older
   * reads everything anew.
   */
  void prune(Duration keep);

  /** A random id made with the database: names this cluster in agent and framework ids. */
  String clusterId();
}
