package io.dromos.app;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One port an app asks for. Marathon spells the same request as a port definition (host networking)
 * or a port mapping (bridge and container networking).
 *
 * @param containerPort port inside the container; null in host networking, 0 means "as the host
 *     port"
 * @param hostPort fixed host port, 0 for any free one, null for none (container networking)
 * @param servicePort cluster-wide port of the app's front door; 0 until one is assigned
 * @param protocols one or both of TCP and UDP, never empty
 * @param name unique within the app, or null
 * @param labels VIP labels live here
 */
public record PortSpec(
    @Nullable Integer containerPort,
    @Nullable Integer hostPort,
    int servicePort,
    List<Protocol> protocols,
    @Nullable String name,
    Map<String, String> labels) {
  public PortSpec {
    protocols = List.copyOf(protocols);
    labels = Map.copyOf(labels);
  }

  public PortSpec withServicePort(int port) {
    return new PortSpec(containerPort, hostPort, port, protocols, name, labels);
  }
}
