package io.dromos.dataplane.http;

import io.dromos.dataplane.Transport;
import io.dromos.routing.RoutingSnapshot;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both fronts share: threads, pools, loads, counters, limits. */
final class ProxyCore implements AutoCloseable {
  private final Transport loops;
  private final ProxyLimits limits;
  private final ProxyCounters counters = new ProxyCounters();
  private final BackendPicker picker = new BackendPicker();
  private final Map<EventLoop, BackendPool> pools = new HashMap<>();

  ProxyCore(String name, int threads, ProxyLimits limits) {
    this.loops = Transport.start(name, threads);
    this.limits = limits;
    for (EventExecutor executor : loops.group()) {
      EventLoop loop = (EventLoop) executor;
      pools.put(loop, new BackendPool(loop, loops.socketChannel(), limits));
    }
  }

  Transport loops() {
    return loops;
  }

  ProxyLimits limits() {
    return limits;
  }

  ProxyCounters counters() {
    return counters;
  }

  BackendPicker picker() {
    return picker;
  }

  BackendPool pool(EventLoop loop) {
    @Nullable BackendPool pool = pools.get(loop);
    if (pool == null) {
      throw new IllegalArgumentException("not a loop of this plane: " + loop);
    }
    return pool;
  }

  /** Indexes a snapshot and lets go of idle connections to backends that left. */
  HttpRoutes index(RoutingSnapshot snapshot) {
    Set<BackendLoad> accepting = picker.retain(snapshot);
    pools.forEach((loop, pool) -> loop.execute(() -> pool.retain(accepting)));
    return HttpRoutes.of(snapshot, picker::loadOf);
  }

  @Override
  public void close() {
    loops.close();
  }
}
