package io.dromos.dataplane.dns;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.dataplane.Transport;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServedVips;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A name server on a free port, with the records that a test gives it. */
final class DnsHost implements AutoCloseable {
  final int port = freePort();
  final DnsClient client = new DnsClient(port);

  /** What the plane that carries VIPs serves, by name. */
  final Map<String, String> served = new ConcurrentHashMap<>();

  private final Map<String, List<String>> addresses = new HashMap<>();
  private final Map<String, List<DnsRecords.Srv>> services = new HashMap<>();
  private final DnsPlane plane;
  private long version;

  DnsHost() {
    this(new Upstreams(Map.of(), List::of), InetAddress::isLoopbackAddress, Map.of(), "");
  }

  DnsHost(
      Upstreams upstreams,
      Predicate<InetAddress> forwardFor,
      Map<String, String> components,
      String clusterId) {
    plane =
        new DnsPlane(
            Transport.start("dns-test", 1),
            vips(),
            new DnsConfig(
                List.of(new InetSocketAddress("127.0.0.1", port)),
                upstreams,
                forwardFor,
                components,
                new Suffixes(clusterId),
                300,
                1_000));
  }

  ServedVips vips() {
    return name -> Optional.ofNullable(served.get(name));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  DnsHost with(String name, String... values) {
    addresses.put(name, List.of(values));
    return this;
  }

  DnsHost with(String name, List<DnsRecords.Srv> values) {
    services.put(name, values);
    return this;
  }

  /** A VIP of every name that is served now. */
  RoutingSnapshot snapshot() {
    Backend backend =
        new Backend(
            new TaskId("x.1"), new AppId("/x"), "n", "10.0.0.1", 31005, Backend.State.ACTIVE);
    List<Vip> vips =
        served.entrySet().stream()
            .map(vip -> new Vip(vip.getKey(), vip.getValue(), 80, Protocol.TCP, List.of(backend)))
            .toList();
    return new RoutingSnapshot(
        ++version,
        version,
        vips,
        List.of(),
        List.of(),
        List.of(),
        new DnsRecords(addresses, services),
        Map.of(),
        Instant.EPOCH);
  }

  PlaneReport serve() {
    return plane.apply(snapshot());
  }

  DnsStats stats() {
    return plane.stats();
  }

  @Override
  public void close() {
    plane.close();
  }
}
