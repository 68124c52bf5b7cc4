package io.dromos.dataplane.dns;

import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import io.dromos.routing.Vip;
import io.dromos.routing.VipNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that this server knows by itself: the names of one snapshot by zone. Immutable, but for VIP
 * names, which exist while their plane serves them. A name or an address that cannot be used is
 * left out, alone.
 */
final class Zones {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final ServedVips served;
  private final Set<String> vips = new HashSet<>();
  private final Map<String, List<byte[]>> addresses = new HashMap<>();
  private final Map<String, List<DnsRecords.Srv>> services;
  private final Map<String, String> aliases = new HashMap<>();
  private final Set<String> nonTerminals = new HashSet<>();
  private final int serial;

  /**
   * @param own addresses of this name server
   * @param components see {@link DnsConfig#components}
   */
  Zones(
      RoutingSnapshot snapshot,
      ServedVips served,
      List<byte[]> own,
      Map<String, String> components) {
    this.served = served;
    this.services = snapshot.dns().services();
    this.serial = (int) snapshot.version();
    snapshot.dns().addresses().forEach(this::addTexts);
    addresses.put("localhost", List.of(LOOPBACK));
    addresses.put("ready.spartan", List.of(LOOPBACK));
    if (!own.isEmpty()) {
      addresses.put("ns.spartan", own);
      addresses.put("ns1.mesos", own);
    }
    components.forEach(
        (name, target) -> {
          byte[] address = bytes(target);
          if (address != null) {
            addresses.put(name, List.of(address));
          } else {
            aliases.put(name, target);
          }
        });
    for (Vip vip : snapshot.vips()) {
      if (vip.name().endsWith("." + VipNames.ZONE)) {
        vips.add(vip.name());
      }
    }
    vips.forEach(this::addAncestors);
    addresses.keySet().forEach(this::addAncestors);
    services.keySet().forEach(this::addAncestors);
    aliases.keySet().forEach(this::addAncestors);
  }

  private void addTexts(String name, List<String> texts) {
    List<byte[]> usable = new ArrayList<>(texts.size());
    for (String text : texts) {
      byte[] address = bytes(text);
      if (address != null) {
        usable.add(address);
      }
    }
    if (!usable.isEmpty()) {
      addresses.put(name, usable);
    }
  }

  private void addAncestors(String name) {
    int dot = name.indexOf('.');
    while (dot >= 0 && nonTerminals.add(name.substring(dot + 1))) {
      dot = name.indexOf('.', dot + 1);
    }
  }

  /** 4 or 16 bytes; null for anything but an address. */
  static byte @Nullable [] bytes(String address) {
    return NetUtil.createByteArrayFromIpAddressString(address);
  }

  static InetAddress inet(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length, e);
    }
  }

  /** IPv4 and IPv6 addresses of a name. */
  List<byte[]> addresses(String canonical, InetAddress client) {
    if (vips.contains(canonical)) {
      Optional<String> address = served.addressOf(canonical, client);
      byte[] found = address.isEmpty() ? null : bytes(address.get());
      return found == null ? List.of() : List.of(found);
    }
    return addresses.getOrDefault(canonical, List.of());
  }

  List<DnsRecords.Srv> services(String canonical) {
    return services.getOrDefault(canonical, List.of());
  }

  /** What a name is only another name for. */
  @Nullable String alias(String canonical) {
    return aliases.get(canonical);
  }

  /** Whether the name, or one below it, exists: then another type is no reason for NXDOMAIN. */
  boolean exists(String canonical, InetAddress client) {
    return !addresses(canonical, client).isEmpty()
        || services.containsKey(canonical)
        || aliases.containsKey(canonical)
        || nonTerminals.contains(canonical);
  }

  boolean isVip(String canonical) {
    return vips.contains(canonical);
  }

  /** Of the SOA record: changes with the snapshot. */
  int serial() {
    return serial;
  }
}
