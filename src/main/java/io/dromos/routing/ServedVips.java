package io.dromos.routing;

import java.util.Optional;

/**
 * What the plane that carries VIPs serves on this node at this moment. The name server asks it at
 * every query, so that a name is answered only after its listener is open and no longer once it is
 * about to close.
 */
@FunctionalInterface
public interface ServedVips {
  /** No plane carries VIPs on this node. */
  ServedVips NONE = name -> Optional.empty();

  /**
   * The address under which clients of this node reach the VIP.
   *
   * @param name full DNS name, lower case
   */
  Optional<String> addressOf(String name);
}
