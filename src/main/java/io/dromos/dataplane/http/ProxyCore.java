package io.dromos.dataplane.http;

import io.dromos.routing.RoutingSnapshot;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both fronts share: threads, pools, loads, counters, limits. */
final class ProxyCore implements AutoCloseable {
  private final EventLoops loops;
  private final ProxyLimits limits;
  private final ProxyCounters counters = new ProxyCounters();
  private final BackendPicker picker = new BackendPicker();
  private final Map<EventLoop, BackendPool> pools = new HashMap<>();

  ProxyCore(String name, int threads, ProxyLimits limits) {
    this.loops = EventLoops.open(name, threads);
    this.limits = limits;
    for (EventLoop loop : loops.loops()) {
      pools.put(loop, new BackendPool(loop, loops.channel(), limits));
    }
  }

  EventLoops loops() {
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
