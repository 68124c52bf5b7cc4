package io.dromos.dataplane.dns;

import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import io.dromos.routing.Vip;
import io.dromos.routing.VipNames;
import io.netty.util.NetUtil;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that this server knows by itself: the names of one snapshot by zone, and under which other
 * suffixes the zones are asked for. Immutable, but for VIP names, which exist while their plane
 * serves them.
 */
final class Zones {
  private static final String DIRECTORY = "thisdcos.directory";
  private static final String GLOBAL = "thisdcos.global";
  private static final String DCOS = "dcos." + DIRECTORY;
  private static final String MESOS = "mesos";

  /** Asked suffix to the zone that holds the names (service-discovery reference, 2.3). */
  private static final Map<String, String> SUFFIXES =
      Map.ofEntries(
          Map.entry(VipNames.ZONE, VipNames.ZONE),
          Map.entry("dclb." + DIRECTORY, VipNames.ZONE),
          Map.entry("l4lb." + GLOBAL, VipNames.ZONE),
          Map.entry("dclb." + GLOBAL, VipNames.ZONE),
          Map.entry(DCOS, DCOS),
          Map.entry("dcos." + GLOBAL, DCOS),
          Map.entry(MESOS, MESOS),
          Map.entry("mesos." + DIRECTORY, MESOS),
          Map.entry("mesos." + GLOBAL, MESOS),
          Map.entry("spartan", "spartan"),
          Map.entry("localhost", "localhost"));

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

  private final ServedVips served;
  private final Set<String> vips = new HashSet<>();
  private final Map<String, List<byte[]>> addresses = new HashMap<>();
  private final Map<String, List<DnsRecords.Srv>> services;
  private final Set<String> nonTerminals = new HashSet<>();

  /**
   * @param own address of this name server
   */
  Zones(RoutingSnapshot snapshot, ServedVips served, String own) {
    this.served = served;
    this.services = snapshot.dns().services();
    snapshot
        .dns()
        .addresses()
        .forEach((name, texts) -> addresses.put(name, texts.stream().map(Zones::bytes).toList()));
    addresses.put("localhost", List.of(bytes("127.0.0.1")));
    addresses.put("ready.spartan", List.of(bytes("127.0.0.1")));
    if (NetUtil.isValidIpV4Address(own) && !own.equals("0.0.0.0")) {
      addresses.put("ns.spartan", List.of(bytes(own)));
      addresses.put("ns1.mesos", List.of(bytes(own)));
    }
    snapshot.vips().stream()
        .map(Vip::name)
        .filter(name -> name.endsWith("." + VipNames.ZONE))
        .forEach(vips::add);
    vips.forEach(this::addAncestors);
    addresses.keySet().forEach(this::addAncestors);
    services.keySet().forEach(this::addAncestors);
  }

  private void addAncestors(String name) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      nonTerminals.add(name.substring(dot + 1));
    }
  }

  private static byte[] bytes(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw new IllegalArgumentException("not an address: " + address);
    }
    return bytes;
  }

  /** Where a name lies, if in a zone of ours. */
  static Optional<Place> place(String name) {
    for (int at = 0; at >= 0; at = name.indexOf('.', at) + 1) {
      String suffix = name.substring(at);
      String zone = SUFFIXES.get(suffix);
      if (zone != null) {
        String canonical = name.substring(0, at) + zone;
        // Mesos-DNS reads bob.*.mesos as bob.mesos.
        return Optional.of(
            new Place(zone.equals(MESOS) ? canonical.replace(".*", "") : canonical, suffix, zone));
      }
      if (name.indexOf('.', at) < 0) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Under one of our suffixes, whether or not there is such a zone: never asked upstream. */
  static boolean isOurs(String name) {
    return (name.equals(DIRECTORY) || name.endsWith("." + DIRECTORY))
        || (name.equals(GLOBAL) || name.endsWith("." + GLOBAL));
  }

  List<byte[]> addresses(String canonical) {
    if (vips.contains(canonical)) {
      return served.addressOf(canonical).map(address -> List.of(bytes(address))).orElse(List.of());
    }
    return addresses.getOrDefault(canonical, List.of());
  }

  List<DnsRecords.Srv> services(String canonical) {
    return services.getOrDefault(canonical, List.of());
  }

  /** Whether the name, or one below it, exists: then another type is no reason for NXDOMAIN. */
  boolean exists(String canonical) {
    return !addresses(canonical).isEmpty()
        || services.containsKey(canonical)
        || nonTerminals.contains(canonical);
  }
}
