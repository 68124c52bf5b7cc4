package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.VipLabel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How VIP labels become names. The canonical name, which owns a durable index in the store, is
 * {@code <vip>.<framework>}: {@code VIP_0: /sise:80} gives {@code sise.marathon}. Ports and
 * protocols share the index of their name.
 */
public final class VipNames {
  /** The framework every app runs under, as a DNS label. */
  public static final String FRAMEWORK = "marathon";

  /** Zone of the named VIPs. */
  public static final String ZONE = "l4lb.thisdcos.directory";

  private VipNames() {}

  /** {@code sise.marathon}: the key of the index. */
  public static String canonical(VipLabel label) {
    return label.name() + "." + FRAMEWORK;
  }

  /** {@code sise.marathon.l4lb.thisdcos.directory}: the name that clients resolve. */
  public static String dnsName(VipLabel label) {
    return canonical(label) + "." + ZONE;
  }

  /** Canonical names of every named VIP that these definitions ask for. */
  public static Set<String> canonicalNames(Collection<AppSpec> specs) {
    Set<String> names = new TreeSet<>();
    for (AppSpec spec : specs) {
      for (PortSpec port : spec.ports()) {
        for (VipLabel label : labels(port, new ArrayList<>())) {
          if (!label.address()) {
            names.add(canonical(label));
          }
        }
      }
    }
    return names;
  }

  /**
   * VIP labels of a port, by label key. A label that an older release admitted and that cannot be
   * read is skipped and said in {@code problems}; it never keeps a task from running.
   */
  public static List<VipLabel> labels(PortSpec port, Collection<String> problems) {
    List<VipLabel> found = new ArrayList<>();
    for (Map.Entry<String, String> label : new TreeMap<>(port.labels()).entrySet()) {
      if (VipLabel.isVipKey(label.getKey())) {
        try {
          found.add(VipLabel.parse(label.getValue()));
        } catch (IllegalArgumentException e) {
          problems.add("label " + label.getKey() + ": " + e.getMessage());
        }
      }
    }
    return found;
  }
}
