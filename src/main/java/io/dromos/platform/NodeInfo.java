package io.dromos.platform;

import java.nio.file.Path;
import java.util.List;

/**
 * Who this node is.
 *
 * @param name unique node name
 * @param address where its tasks are reached, what they see as {@code HOST}
 * @param api {@code host:port} of its API as clients reach it
 * @param roles of {@code master agent edge}
 * @param dataDir absolute
 * @param version of Dromos
 */
public record NodeInfo(
    String name, String address, String api, List<String> roles, Path dataDir, String version) {
  public NodeInfo {
    roles = List.copyOf(roles);
  }

  public boolean is(String role) {
    return roles.contains(role);
  }
}
