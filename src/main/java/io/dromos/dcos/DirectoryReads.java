package io.dromos.dcos;

import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import io.dromos.routing.VipNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answers of DC/OS' network agent, dcos-net, from one snapshot (service-discovery reference,
 * 2.6): all names, and VIPs with every backend, whether or not it takes connections. What is not
 * found is an empty list here, and ports are numbers.
 */
final class DirectoryReads {
  /** A name and one of its addresses. */
  record HostJson(String host, String ip) {}

  /** A service as it was asked for, and one place where it runs. */
  record ServiceJson(String service, String host, int port, String ip) {}

  /** One record of any zone. */
  record RecordJson(String name, String host, String rtype) {}

  /** {@code vip} is {@code name:port} or {@code address:port}. */
  record VipJson(String vip, String protocol, List<BackendJson> backend) {}

  /** Where one instance is reached. */
  record BackendJson(String ip, int port) {}

  private final DnsRecords records;
  private final Map<String, List<String>> addresses;
  private final List<VipJson> vips;

  DirectoryReads(RoutingSnapshot snapshot) {
    this.records = snapshot.dns();
    this.addresses = new HashMap<>(records.addresses());
    // As in DC/OS, a VIP that nobody stands behind is not listed and has no name.
    List<Vip> backed = snapshot.vips().stream().filter(vip -> !vip.backends().isEmpty()).toList();
    for (Vip vip : backed) {
      if (vip.name().endsWith("." + VipNames.ZONE)) {
        addresses.put(vip.name(), List.of(vip.localAddress()));
      }
    }
    this.vips = backed.stream().map(DirectoryReads::vip).toList();
  }

  private static VipJson vip(Vip vip) {
    return new VipJson(
        vip.name() + ":" + vip.port(),
        vip.protocol().name().toLowerCase(Locale.ROOT),
        vip.backends().stream().map(DirectoryReads::backend).toList());
  }

  private static BackendJson backend(Backend backend) {
    return new BackendJson(backend.host(), backend.port());
  }

  List<HostJson> hosts(String asked) {
    return addresses.getOrDefault(MesosDnsReads.bare(asked), List.of()).stream()
        .filter(address -> MesosDnsReads.rtype(address).equals("A"))
        .map(address -> new HostJson(asked, address))
        .toList();
  }

  List<ServiceJson> services(String asked) {
    List<ServiceJson> services = new ArrayList<>();
    for (DnsRecords.Srv service :
        records.services().getOrDefault(MesosDnsReads.bare(asked), List.of())) {
      for (String address : addresses.getOrDefault(service.target(), List.of())) {
        services.add(new ServiceJson(asked, service.target(), service.port(), address));
      }
    }
    return services;
  }

  /** Every record of every zone, by name. */
  List<RecordJson> records() {
    List<RecordJson> all = new ArrayList<>();
    new TreeMap<>(addresses)
        .forEach(
            (name, values) ->
                values.forEach(v -> all.add(new RecordJson(name, v, MesosDnsReads.rtype(v)))));
    new TreeMap<>(records.services())
        .forEach(
            (name, values) ->
                values.forEach(
                    v -> all.add(new RecordJson(name, v.target() + ":" + v.port(), "SRV"))));
    return all;
  }

  List<VipJson> vips() {
    return vips;
  }

  /** Changes with the VIPs and with nothing else. */
  String vipsTag() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(vips.toString().getBytes(StandardCharsets.UTF_8));
      return '"' + Base64.getEncoder().encodeToString(digest) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
