package io.dromos.dataplane.kernel;

import io.dromos.app.AppId;
import io.dromos.app.Protocol;
import io.dromos.routing.Backend;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.LocalPool;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.Vip;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Snapshots with VIPs for the tests. */
final class Snapshots {
  static final LocalPool LOCAL = LocalPool.parse("127.128.0.0/9");
  static final LocalPool KERNEL = LocalPool.parse("11.0.0.0/9");
  static final VipView VIEW = new VipView(LOCAL, KERNEL);

  private Snapshots() {}

  static RoutingSnapshot of(long sequence, List<Vip> vips) {
    return new RoutingSnapshot(
        sequence,
        sequence,
        vips,
        List.of(),
        List.of(),
        List.of(),
        DnsRecords.EMPTY,
        Map.of(),
        Instant.EPOCH);
  }

  /** {@code web} is {@code web.marathon.l4lb.thisdcos.directory}. */
  static String name(String name) {
    return name + ".marathon.l4lb.thisdcos.directory";
  }

  static Vip vip(String name, int index, Protocol protocol, int port, Backend... backends) {
    return new Vip(name(name), LOCAL.address(index), port, protocol, List.of(backends));
  }

  static Vip addressVip(String address, int port, Backend... backends) {
    return new Vip(address, address, port, Protocol.TCP, List.of(backends));
  }

  static Backend backend(String host, int port) {
    return backend(host, port, Backend.State.ACTIVE);
  }

  static Backend backend(String host, int port, Backend.State state) {
    return new Backend(
        new TaskId("web." + host.replace('.', '-') + "-" + port),
        AppId.of("/web"),
        "node",
        host,
        port,
        state);
  }
}
