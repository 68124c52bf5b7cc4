package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.Snapshots.active;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.dataplane.tls.TlsConfig;
import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Edges on loopback for tests. */
final class Edges {
  static final String HOST = "web.example.com";
  static final int MEGABYTE = 1024 * 1024;

  /** Limits that a test can wait for. */
  static final ProxyLimits QUICK =
      new ProxyLimits(
          Duration.ofSeconds(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(10),
          Duration.ofMillis(500),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10));

  private static final TlsConfig NO_TLS =
      new TlsConfig(List.of(), Path.of("none"), List.of("localhost"));

  private Edges() {}

  static EdgePlane edge(int port, ProxyLimits limits) {
    return new EdgePlane(
        new EdgeConfig(
            "127.0.0.1",
            OptionalInt.of(port),
            OptionalInt.of(0),
            NO_TLS,
            "127.128.0.0/9",
            2,
            1000,
            limits));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** One vhost over these backends. */
  static RoutingSnapshot routes(Backend... backends) {
    return aSnapshot().vhost(HOST, null, backends).build();
  }

  /** A port where connections are refused. */
  static Backend dead() throws IOException {
    return active("dead", freePort());
  }

  /** Asks again and again for ten seconds. */
  static void await(java.util.concurrent.Callable<Boolean> condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within ten seconds");
        }
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static void awaitTotal(EdgePlane edge, ProxyOutcome outcome, long count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (edge.counters().total(outcome) < count && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(count, edge.counters().total(outcome));
  }
}
