package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.dataplane.Transport;
import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both fronts share: threads, pools, loads, counters, limits. */
final class ProxyCore implements AutoCloseable {
  private final Transport loops;
  private final ProxyLimits limits;
  private final ProxyCounters counters;
  private final BackendPicker picker;
  private final Credentials credentials;
  private final Map<EventLoop, BackendPool> pools = new HashMap<>();
  private volatile boolean draining;

  ProxyCore(String name, int threads, ProxyLimits limits) {
    this.loops = Transport.start(name, threads);
    this.limits = limits;
    this.counters = new ProxyCounters(threads);
    this.picker = new BackendPicker(threads);
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    this.credentials = new Credentials(name, salt);
    for (EventExecutor executor : loops.group()) {
      EventLoop loop = (EventLoop) executor;
      pools.put(loop, new BackendPool(loop, pools.size() + 1, loops.socketChannel(), limits));
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

  Credentials credentials() {
    return credentials;
  }

  BackendPool pool(EventLoop loop) {
    @Nullable BackendPool pool = pools.get(loop);
    if (pool == null) {
      throw new IllegalArgumentException("not a loop of this plane: " + loop);
    }
    return pool;
  }

  /** A request that leads to no app is nobody's but the listener's. On the pool's loop. */
  void unserved(BackendPool pool, Meter listener, ProxyOutcome outcome) {
    new Tally(pool.writer(), listener, counters.nowhere(), true).end(outcome);
  }

  /** Indexes a snapshot and lets go of idle connections to backends that left. */
  HttpRoutes index(RoutingSnapshot snapshot) {
    Set<BackendLoad> accepting = picker.retain(snapshot);
    pools.forEach((loop, pool) -> loop.execute(() -> pool.retain(accepting)));
    counters.turnPage();
    return HttpRoutes.of(
        snapshot,
        new HttpRoutes.Books() {
          @Override
          public BackendLoad loadOf(Backend backend) {
            return picker.loadOf(backend);
          }

          @Override
          public Meter meterOf(String route, @Nullable AppId app, String service) {
            return counters.route(route, app, service);
          }
        });
  }

  /** From now on no client connection outlives its request, and none to a backend waits for one. */
  void drain() {
    draining = true;
    pools.forEach((loop, pool) -> loop.execute(() -> pool.retain(Set.of())));
  }

  boolean isDraining() {
    return draining;
  }

  @Override
  public void close() {
    credentials.close();
    loops.close();
  }
}
