package io.dromos.store;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Durable 23-bit VIP indices by canonical name (service-discovery reference, 8.1): SHA-256 first,
 * then linear probing; a released index stays with its name for 24 hours. The canonical names of
 * app definitions are {@code io.dromos.routing.VipNames#canonicalNames}: {@code sise.marathon}.
 */
public interface VipStore {
  /** Names in use or in quarantine, with their index. */
  Map<String, Integer> indices();

  /** Gives every name an index and releases all other names; called inside the tree lock. */
  void retain(Set<String> names, Instant now);
}
