package io.dromos.store;

import java.util.List;

/** Renders events in Marathon's wire form; implemented by {@code api}, which owns that form. */
public interface EventEncoder {
  /** One event may become several on the wire, in order. */
  List<StoredEvent> encode(ClusterEvent event);
}
