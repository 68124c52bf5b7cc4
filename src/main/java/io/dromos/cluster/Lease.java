package io.dromos.cluster;

import java.time.Instant;
import java.util.Optional;

/** Leadership: one row with an epoch, kept alive in the database. */
public interface Lease {
  /** Who leads, as last seen in the database. */
  record Holder(String node, String api, long epoch, Instant expiresAt) {}

  /**
   * Takes or renews the lease. A node that comes back under its own name takes over at once, with a
   * new epoch.
   *
   * @return the epoch if this node leads now
   */
  Optional<Long> acquire();

  /** Gives the lease up, if held. */
  void release();

  Optional<Holder> holder();

  /**
   * To be called inside a transaction of the leader before it writes.
   *
   * @throws StaleEpochException when another epoch has begun
   */
  void verify(long epoch);

  /** Somebody else leads now; everything decided under the old epoch is void. */
  class StaleEpochException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleEpochException(long epoch) {
      super("leadership epoch " + epoch + " is over");
    }
  }
}
