package io.dromos.control;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.VipLabel;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The VIP labels of all apps. */
final class VipNames {
  private VipNames() {}

  /** Canonical names that need an address; address VIPs bring their own. */
  static Set<String> of(Collection<AppSpec> apps) {
    Set<String> names = new TreeSet<>();
    labels(apps)
        .forEach(
            label -> {
              if (!label.address()) {
                names.add(label.name());
              }
            });
    return names;
  }

  /** Port numbers that VIPs are served on. */
  static Set<Integer> ports(Collection<AppSpec> apps) {
    Set<Integer> ports = new TreeSet<>();
    labels(apps).forEach(label -> ports.add(label.port()));
    return ports;
  }

  private static Iterable<VipLabel> labels(Collection<AppSpec> apps) {
    java.util.List<VipLabel> labels = new java.util.ArrayList<>();
    for (AppSpec app : apps) {
      for (PortSpec port : app.ports()) {
        for (Map.Entry<String, String> label : port.labels().entrySet()) {
          if (VipLabel.isVipKey(label.getKey())) {
            try {
              labels.add(VipLabel.parse(label.getValue()));
            } catch (IllegalArgumentException e) {
              // Refused at admission; whatever slipped in serves nobody and needs no address.
              continue;
            }
          }
        }
      }
    }
    return labels;
  }
}
