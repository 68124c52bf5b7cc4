package io.dromos.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of the stream.
 *
 * @param id follows commit order; 0 before it is stored
 * @param type Marathon's event type
 * @param appId path of the app it is about, or null
 * @param json the complete data line as Marathon sends it
 */
public record StoredEvent(long id, String type, Instant at, @Nullable String appId, String json) {}
