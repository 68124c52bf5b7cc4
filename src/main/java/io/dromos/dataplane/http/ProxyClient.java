package io.dromos.dataplane.http;

import io.dromos.dataplane.stats.Measurements;
import io.dromos.routing.RoutingSnapshot;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What the servlet proxy needs beside the container: event loops with backend connections of their
 * own, loads and counters. Opened once per application; close it when the application stops.
 */
@SuppressWarnings("ReferenceEquality") // another snapshot is another object
public class ProxyClient implements AutoCloseable {
  private final ProxyCore core;
  private volatile @Nullable HttpRoutes routes;

  public ProxyClient(int threads, ProxyLimits limits) {
    this.core = new ProxyCore("proxy", threads, limits);
  }

  /** Two event loops at most, since the container's own threads do half of the work. */
  public static ProxyClient open() {
    return new ProxyClient(
        Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors())), ProxyLimits.DEFAULT);
  }

  /** The index of that snapshot, made when it is first seen. */
  HttpRoutes routes(RoutingSnapshot current) {
    HttpRoutes indexed = routes;
    return indexed != null && indexed.snapshot() == current ? indexed : index(current);
  }

  private synchronized HttpRoutes index(RoutingSnapshot current) {
    HttpRoutes indexed = routes;
    if (indexed == null || indexed.snapshot() != current) {
      indexed = core.index(current);
      routes = indexed;
    }
    return indexed;
  }

  ProxyCore core() {
    return core;
  }

  EventLoop nextLoop() {
    return core.loops().group().next();
  }

  public ProxyCounters counters() {
    return core.counters();
  }

  /** What went through the servlet proxy, for Prometheus. */
  public void measure(Measurements to) {
    ProxyMeasures.add("proxy", core.counters(), to);
  }

  @Override
  public void close() {
    core.close();
  }
}
