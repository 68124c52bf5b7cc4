package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.VipClaim;
import io.dromos.app.VipLabel;
import java.util.Collection;
import java.util.Set;
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
      for (VipClaim claim : VipClaim.of(spec)) {
        if (!claim.label().address()) {
          names.add(canonical(claim.label()));
        }
      }
    }
    return names;
  }
}
