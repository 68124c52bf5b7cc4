package io.dromos.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dromos.app.AppId;
import io.dromos.app.ReadinessCheck;
import io.dromos.platform.ThreadLoops;
import io.dromos.task.ReadinessResult;
import io.dromos.task.ReadinessResult.LastResponse;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessProberTest {
  private static final TaskId TASK =
      TaskId.create(AppId.of("/a"), "c7c311a4-b669-11e6-a48f-0ea4f4b1778c");

  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger asked = new AtomicInteger();
  private final BlockingQueue<List<ReadinessResult>> found = new LinkedBlockingQueue<>();
  private volatile String body = "warm";
  private HttpServer server;
  private ReadinessProber prober;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ready",
        exchange -> {
          asked.incrementAndGet();
          byte[] text = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(status.get(), text.length);
          exchange.getResponseBody().write(text);
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
        new ReadinessProber(
            new HttpReadinessProbe(threads),
            new ThreadLoops(threads),
            Clock.systemUTC(),
            () -> found.add(prober.results(TASK)));
  }

  @AfterEach
  void close() {
    prober.close();
    server.stop(0);
  }

  @Test
  void itIsAskedAtOnceAndAgainUntilItIsReadyAndNotAfterThat() throws Exception {
    status.set(503);
    keep(check(true, 200), endpoint());
    assertEquals(
        new ReadinessResult("main", false, new LastResponse(503, "text/html", "warm")), next());
    status.set(200);
    assertTrue(next().ready(), "a second later");
    assertEquals(2, asked.get());
    assertNull(found.poll(1500, TimeUnit.MILLISECONDS), "it is not asked again");
  }

  @Test
  void theCodesOfTheCheckDecide() throws Exception {
    status.set(204);
    body = "";
    keep(check(false, 204, 301), endpoint());
    assertEquals(new ReadinessResult("main", true, null), next());
    prober.keep(List.of());
    status.set(200);
    keep(check(false, 204, 301), endpoint());
    assertFalse(next().ready());
  }

  @Test
  void noAnswerIsAGatewayTimeoutInPlainWords() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    keep(check(true, 200), Optional.of(new Endpoint("127.0.0.1", closed)));
    LastResponse response = next().lastResponse();
    assertEquals(504, response.status());
    assertEquals("text/plain", response.contentType());
    assertEquals(
        "Dromos could not query http://127.0.0.1:" + closed + "/ready: connection refused",
        response.body());
  }

  @Test
  void onlyTheBeginningOfALongAnswerIsKept() throws Exception {
    body = "x".repeat(1_000_000);
    keep(check(true, 200), endpoint());
    assertEquals("x".repeat(4096), next().lastResponse().body());
  }

  @Test
  void aTaskThatNobodyWaitsForIsLeftAlone() throws Exception {
    status.set(503);
    keep(check(false, 200), endpoint());
    next();
    prober.keep(List.of());
    found.clear();
    assertNull(found.poll(1500, TimeUnit.MILLISECONDS));
    assertEquals(List.of(), prober.results(TASK));
  }

  private void keep(ReadinessCheck check, Optional<Endpoint> endpoint) {
    prober.keep(List.of(new ReadinessTarget(TASK, List.of(check), List.of(endpoint), List.of())));
  }

  private Optional<Endpoint> endpoint() {
    return Optional.of(new Endpoint("127.0.0.1", server.getAddress().getPort()));
  }

  private ReadinessResult next() throws InterruptedException {
    List<ReadinessResult> results = found.poll(10, TimeUnit.SECONDS);
    assertEquals(1, results == null ? 0 : results.size());
    return results.get(0);
  }

  private static ReadinessCheck check(boolean preserve, Integer... codes) {
    return new ReadinessCheck("main", false, "/ready", "http", 1, 1, List.of(codes), preserve);
  }
}
