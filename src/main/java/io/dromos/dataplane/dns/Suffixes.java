package io.dromos.dataplane.dns;

import io.dromos.routing.VipNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Under which suffixes the zones are asked for: their own, and the older ones of DC/OS
 * (service-discovery reference, 2.3).
 */
final class Suffixes {
  static final String MESOS = "mesos";
  static final String COMPONENT = "component.thisdcos.directory";
  private static final String DIRECTORY = "thisdcos.directory";
  private static final String GLOBAL = "thisdcos.global";
  private static final String DCOS = "dcos." + DIRECTORY;
  private static final Set<String> OUTSIDE = Set.of(MESOS, "spartan", "localhost", "zk");

  /**
   * A name in a zone of ours.
   *
   * @param canonical the name under the zone's own suffix
   * @param asked suffix it was asked under
   * @param zone suffix that holds it
   */
  record Place(String canonical, String asked, String zone) {
    boolean isApex() {
      return canonical.equals(zone);
    }

    /** A name of the zone, spelled under the suffix that was asked. */
    String spell(String name) {
      return name.endsWith("." + zone)
          ? name.substring(0, name.length() - zone.length()) + asked
          : name;
    }
  }

  private final Map<String, String> zoneBySuffix = new HashMap<>();
  private final String cluster;

  /**
   * @param clusterId id of a DC/OS cluster whose {@code ZONE.ID.dcos.directory} names are ours;
   *     empty for none
   */
  Suffixes(String clusterId) {
    this.cluster = clusterId.isEmpty() ? "" : clusterId + ".dcos.directory";
    OUTSIDE.forEach(zone -> zoneBySuffix.put(zone, zone));
    addUnder(DIRECTORY);
    addUnder(GLOBAL);
    if (!cluster.isEmpty()) {
      addUnder(cluster);
    }
  }

  private void addUnder(String suffix) {
    zoneBySuffix.put("l4lb." + suffix, VipNames.ZONE);
    zoneBySuffix.put("dclb." + suffix, VipNames.ZONE);
    zoneBySuffix.put("dcos." + suffix, DCOS);
    zoneBySuffix.put("mesos." + suffix, MESOS);
    zoneBySuffix.put("component." + suffix, COMPONENT);
  }

  /** Where a name lies, if in a zone of ours. */
  Optional<Place> place(String name) {
    for (int at = 0; ; at = name.indexOf('.', at) + 1) {
      String suffix = name.substring(at);
      String zone = zoneBySuffix.get(suffix);
      if (zone != null) {
        String canonical = name.substring(0, at) + zone;
        // Mesos-DNS reads bob.*.mesos as bob.mesos.
        return Optional.of(
            new Place(zone.equals(MESOS) ? canonical.replace(".*", "") : canonical, suffix, zone));
      }
      if (name.indexOf('.', at) < 0) {
        return Optional.empty();
      }
    }
  }

  /** Under one of our suffixes, whether or not there is such a zone: never asked upstream. */
  boolean isOurs(String name) {
    return isUnder(name, DIRECTORY)
        || isUnder(name, GLOBAL)
        || (!cluster.isEmpty() && isUnder(name, cluster));
  }

  /** Whether a zone of ours, or under one: then no other server is asked about it. */
  boolean isReserved(String zone) {
    return isOurs(zone) || OUTSIDE.stream().anyMatch(outside -> isUnder(zone, outside));
  }

  private static boolean isUnder(String name, String suffix) {
    return name.equals(suffix) || name.endsWith("." + suffix);
  }
}
