package io.dromos.routing;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What the plane that carries VIPs serves on this node at this moment. The name server asks it at
 * every query, so that a name is answered only after its listener is open and no longer once it is
 * about to close. Called on event loops, for every answer: must neither block nor copy.
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

  /**
   * The address under which this client reaches the VIP; for planes that serve containers under
   * another address than processes of the node.
   *
   * @param name full DNS name, lower case
   * @param client who asks
   */
  default Optional<String> addressOf(String name, InetAddress client) {
    return addressOf(name);
  }
}
