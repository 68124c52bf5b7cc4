package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.placement.Refusal;
import java.time.Instant;
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
 */
public record QueueEntry(
    AppId appId,
    int count,
    Instant since,
    @Nullable Instant notBefore,
    @Nullable Refusal lastRefusal,
    int processedOffers,
    int unusedOffers) {}
