package io.dromos.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dromos.app.AppId;
import io.dromos.app.HealthCheck;
import io.dromos.app.HealthCheck.Protocol;
import io.dromos.platform.ThreadLoops;
import io.dromos.task.HealthResult;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProberTest {
  private static final TaskId TASK =
      TaskId.create(AppId.of("/a"), "c7c311a4-b669-11e6-a48f-0ea4f4b1778c");
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger exit = new AtomicInteger(0);
  private HttpServer server;
  private Prober prober;
  private volatile CountDownLatch result = new CountDownLatch(1);

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    ThreadFactory threads =
        work -> {
          Thread thread = new Thread(work);
          thread.setDaemon(true);
          return thread;
        };
    prober =
        new Prober(
            new Probes((id, command, timeout) -> exit.get(), threads),
            new ThreadLoops(threads),
            Clock.systemUTC(),
            () -> result.countDown());
  }

  @AfterEach
  void close() {
    prober.close();
    server.stop(0);
  }

  @Test
  void anAnswerBelow400IsHealthyAndSoonKnown() throws Exception {
    status.set(302);
    watch(check(Protocol.HTTP, "/health", 60, 300), server.getAddress().getPort());
    assertTrue(one().alive());
  }

  @Test
  void anErrorAfterTheGraceIsCountedWithItsCause() throws Exception {
    status.set(503);
    watch(check(Protocol.HTTP, "/health", 60, 0), server.getAddress().getPort());
    HealthResult found = one();
    assertEquals(1, found.consecutiveFailures());
    assertEquals("HTTP status 503 from /health", found.lastFailureCause());
  }

  @Test
  void anOpenPortIsHealthyAndAClosedOneRefuses() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    watch(check(Protocol.TCP, null, 60, 0), closed);
    assertEquals("connection refused", one().lastFailureCause());
    prober.keep(List.of());
    assertEquals(List.of(), prober.results(TASK));
    result = new CountDownLatch(1);
    watch(check(Protocol.MESOS_TCP, null, 60, 0), server.getAddress().getPort());
    assertTrue(one().alive());
  }

  @Test
  void aCommandIsHealthyWhenItReturnsZero() throws Exception {
    exit.set(3);
    watch(check(Protocol.COMMAND, null, 60, 0), null);
    assertEquals("Command returned with exit status 3", one().lastFailureCause());
  }

  @Test
  void whatWasKnownBeforeARestartIsGoneOnWith() {
    HealthCheck check = check(Protocol.TCP, null, 60, 300);
    HealthResult before = HealthResult.UNKNOWN.succeeded(START);
    prober.keep(
        List.of(
            new ProbeTarget(
                TASK,
                List.of(check),
                List.of(Optional.of(new Endpoint("127.0.0.1", server.getAddress().getPort()))),
                START,
                List.of(before))));
    assertEquals(List.of(before), prober.results(TASK));
  }

  @Test
  void failuresInTheGracePeriodAreIgnoredUntilTheFirstSuccess() {
    HealthCheck check = check(Protocol.HTTP, "/", 10, 30);
    ProbeOutcome dead = new ProbeOutcome.Dead("no");
    HealthResult fresh = HealthResult.UNKNOWN;
    assertEquals(
        Optional.empty(), CheckSchedule.judge(check, fresh, dead, START, START.plusSeconds(29)));
    assertEquals(
        1,
        CheckSchedule.judge(check, fresh, dead, START, START.plusSeconds(30))
            .orElseThrow()
            .consecutiveFailures());
    HealthResult once = fresh.succeeded(START.plusSeconds(1));
    assertEquals(
        1,
        CheckSchedule.judge(check, once, dead, START, START.plusSeconds(2))
            .orElseThrow()
            .consecutiveFailures());
    assertEquals(
        Optional.empty(),
        CheckSchedule.judge(check, once, new ProbeOutcome.Ignored(), START, START.plusSeconds(2)));
  }

  @Test
  void aCheckIsEagerOnlyWhileItsFailuresCountForNothing() {
    HealthCheck check = check(Protocol.HTTP, "/", 10, 30);
    Duration first = CheckSchedule.first(check, HealthResult.UNKNOWN);
    assertEquals(Duration.ofMillis(200), first);
    assertEquals(
        Duration.ofMillis(400),
        CheckSchedule.next(check, HealthResult.UNKNOWN, first, START, START.plusSeconds(1)));
    assertEquals(
        Duration.ofSeconds(10),
        CheckSchedule.next(check, HealthResult.UNKNOWN, first, START, START.plusSeconds(25)));
    assertEquals(
        Duration.ofSeconds(10),
        CheckSchedule.next(
            check, HealthResult.UNKNOWN.succeeded(START), first, START, START.plusSeconds(1)));
    assertEquals(
        Duration.ofSeconds(15),
        CheckSchedule.first(check(Protocol.MESOS_TCP, null, 10, 30, 15), HealthResult.UNKNOWN));
  }

  private void watch(HealthCheck check, Integer port) {
    prober.keep(
        List.of(
            new ProbeTarget(
                TASK,
                List.of(check),
                List.of(Optional.ofNullable(port).map(p -> new Endpoint("127.0.0.1", p))),
                Instant.now(),
                List.of())));
  }

  private HealthResult one() throws InterruptedException {
    assertTrue(result.await(15, TimeUnit.SECONDS), "no result");
    return prober.results(TASK).get(0);
  }

  private static HealthCheck check(Protocol protocol, String path, int interval, int grace) {
    return check(protocol, path, interval, grace, 0);
  }

  private static HealthCheck check(
      Protocol protocol, String path, int interval, int grace, int delay) {
    return new HealthCheck(
        protocol, path, 0, null, "true", grace, interval, 5, 3, delay, false, "IPv4");
  }
}
