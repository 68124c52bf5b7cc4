package io.dromos.routing;

import java.util.Set;

/**
 * What the operator decided about the edge of a node.
 *
 * @param groups which {@code HAPROXY_GROUP}s it serves; {@code *} for all
 * @param strictExposure only ports with {@code HAPROXY_n_ENABLED=true} are served (marathon-lb's
 *     {@code --strict-mode})
 */
public record EdgeRules(Set<String> groups, boolean strictExposure) {
  public EdgeRules {
    groups = Set.copyOf(groups);
  }
}
