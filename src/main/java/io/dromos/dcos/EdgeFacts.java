package io.dromos.dcos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the package {@code marathon-lb} is here: the edge of this very node.
 *
 * @param node name of this node
 * @param present this node has the role edge
 * @param address where public frontends listen
 * @param groups values of {@code HAPROXY_GROUP} that it serves
 * @param report the edge's own line, such as {@code serves 42}; null when there is none
 */
record EdgeFacts(
    String node, boolean present, String address, List<String> groups, @Nullable String report) {
  EdgeFacts {
    groups = List.copyOf(groups);
  }

  boolean serves(String group) {
    return present && groups.contains(group);
  }

  private boolean troubled() {
    return report != null && (report.contains("degraded") || report.contains("failed"));
  }

  /** One or two sentences for the user who asked for a load balancer. */
  String sentence() {
    if (!present) {
      return "Node "
          + node
          + " has no edge: start it with the role edge (dromos.node.roles) to serve public"
          + " frontends. Nothing was installed.";
    }
    return "Nothing to install: the edge of node "
        + node
        + " already serves "
        + (groups.size() == 1 ? "the group " : "the groups ")
        + String.join(", ", groups)
        + " on "
        + address
        + (troubled() ? " (" + report + ")" : "")
        + ". Give an app the label HAPROXY_GROUP and it is public.";
  }
}
