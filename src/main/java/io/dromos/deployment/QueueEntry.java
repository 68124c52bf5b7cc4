package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An app with instances still to be launched.
 *
 * @param count instances wanted and not yet staged
 * @param since begin of this launch attempt
 * @param notBefore end of the launch delay, or null when not delayed
 * @param lastRefusal why the last placement attempt failed, or null
 * @param processedOffers agents asked since {@code since}
 * @param unusedOffers agents that refused since {@code since}
 * @param refusedBy those by their reason
 */
public record QueueEntry(
    AppId appId,
    int count,
    Instant since,
    @Nullable Instant notBefore,
    @Nullable Refusal lastRefusal,
    int processedOffers,
    int unusedOffers,
    Map<RefusalReason, Integer> refusedBy) {
  public QueueEntry {
    refusedBy = Map.copyOf(refusedBy);
  }

  /** An entry that nobody has refused yet. */
  public QueueEntry(
      AppId appId,
      int count,
      Instant since,
      @Nullable Instant notBefore,
      @Nullable Refusal lastRefusal,
      int processedOffers,
      int unusedOffers) {
    this(appId, count, since, notBefore, lastRefusal, processedOffers, unusedOffers, Map.of());
  }
}
