package io.dromos.routing;

import io.dromos.app.Protocol;
import java.util.List;

/**
 * A virtual address and port.
 *
 * @param name full DNS name ({@code sise.marathon.l4lb.thisdcos.directory}), or the address text of
 *     an address VIP
 * @param localAddress where the userspace plane listens (127.128.0.0/9), reachable on this node
 *     only
 * @param backends in task id order. Empty while a definition asks for the VIP and no task is behind
 *     it: then its name is not answered, and planes answer its address with a reset, so that nobody
 *     else can take the place in between
 */
public record Vip(
    String name, String localAddress, int port, Protocol protocol, List<Backend> backends) {
  public Vip {
    backends = List.copyOf(backends);
  }

  /** {@code name:port/tcp}: unique in a snapshot, and what reports call it. */
  public String key() {
    return name + ":" + port + "/" + protocol.name().toLowerCase(java.util.Locale.ROOT);
  }
}
