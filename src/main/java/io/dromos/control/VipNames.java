package io.dromos.control;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.VipLabel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static List<VipLabel> labels(Collection<AppSpec> apps) {
    List<VipLabel> labels = new ArrayList<>();
    for (AppSpec app : apps) {
      for (PortSpec port : app.ports()) {
        for (Map.Entry<String, String> label : port.labels().entrySet()) {
          if (VipLabel.isVipKey(label.getKey())) {
            parse(label.getValue()).ifPresent(labels::add);
          }
        }
      }
    }
    return labels;
  }

  private static Optional<VipLabel> parse(String value) {
    try {
      return Optional.of(VipLabel.parse(value));
    } catch (IllegalArgumentException e) {
      // Refused at admission; whatever slipped in serves nobody and needs no address.
      return Optional.empty();
    }
  }
}
