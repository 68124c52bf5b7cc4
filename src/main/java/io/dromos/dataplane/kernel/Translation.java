package io.dromos.dataplane.kernel;

import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A snapshot in the kernel's terms: numbers, and no names.
 *
 * @param services what is to be dispatched
 * @param present every endpoint of a service, those that get no new connections included
 * @param addresses of the named VIPs, by name
 * @param degraded what cannot be dispatched, with a sentence and the fix
 */
record Translation(
    Services services,
    Map<Service, Set<Endpoint>> present,
    Map<String, String> addresses,
    Map<String, String> degraded) {
  static final Translation NOTHING = new Translation(Services.NONE, Map.of(), Map.of(), Map.of());

  /** Addresses that lead elsewhere already; asked for only when a snapshot has address VIPs. */
  interface Machine {
    Set<String> addresses() throws IOException;

    Set<String> gateways() throws IOException;
  }

  static Translation of(RoutingSnapshot snapshot, VipView view, Machine machine)
      throws IOException {
    Map<Service, Set<Endpoint>> active = new HashMap<>();
    Map<Service, Set<Endpoint>> present = new HashMap<>();
    Map<String, String> addresses = new HashMap<>();
    Map<String, String> degraded = new HashMap<>();
    Set<String> pinned = new HashSet<>();
    Map<String, String> taken = null;
    for (Vip vip : snapshot.vips()) {
      String address = view.address(vip);
      if (VipView.isAddress(vip)) {
        if (taken == null) {
          taken = taken(snapshot, machine);
        }
        String reason = view.kernel().contains(address) ? IN_POOL : taken.get(address);
        if (reason == null && isSpecial(address)) {
          reason = "no host can have that address";
        }
        if (reason != null) {
          degraded.put(vip.key(), reason + "; choose an address that nobody uses");
          continue;
        }
        pinned.add(address);
      } else {
        addresses.put(vip.name(), address);
      }
      Service service = new Service(address, vip.protocol(), vip.port());
      Set<Endpoint> all = new LinkedHashSet<>();
      Set<Endpoint> accepting = new LinkedHashSet<>();
      for (Backend backend : vip.backends()) {
        Optional<Endpoint> endpoint = endpoint(backend);
        if (endpoint.isEmpty()) {
          degraded.put(
              vip.key(),
              backend.host()
                  + ", where task "
                  + backend.task().value()
                  + " runs, has no IPv4 address; set dromos.node.address on node "
                  + backend.agent());
          continue;
        }
        all.add(endpoint.get());
        if (backend.accepting()) {
          accepting.add(endpoint.get());
        }
      }
      present.put(service, all);
      if (!accepting.isEmpty()) {
        active.put(service, accepting);
      }
    }
    return new Translation(new Services(active, pinned), present, addresses, degraded);
  }

  private static final String IN_POOL =
      "that address may belong to a named VIP (dromos.vip.kernel.pool)";

  private static Map<String, String> taken(RoutingSnapshot snapshot, Machine machine)
      throws IOException {
    Map<String, String> taken = new HashMap<>();
    snapshot
        .vips()
        .forEach(
            vip ->
                vip.backends()
                    .forEach(
                        backend ->
                            taken.put(
                                backend.host(), "that is the address of a node or a container")));
    machine.gateways().forEach(one -> taken.put(one, "that is a router of this machine"));
    machine.addresses().forEach(one -> taken.put(one, "that is an address of this machine"));
    return taken;
  }

  private static boolean isSpecial(String address) {
    int first = Integer.parseInt(address.substring(0, address.indexOf('.')));
    return first == 0 || first == 127 || first >= 224;
  }

  private static Optional<Endpoint> endpoint(Backend backend) {
    try {
      for (InetAddress address : InetAddress.getAllByName(backend.host())) {
        if (address instanceof Inet4Address) {
          return Optional.of(new Endpoint(address.getHostAddress(), backend.port()));
        }
      }
    } catch (UnknownHostException e) {
      // Told by the caller.
    }
    return Optional.empty();
  }
}
