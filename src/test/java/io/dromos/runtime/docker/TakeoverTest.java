package io.dromos.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dromos.platform.NodeInfo;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.RuntimeProbe;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes containers over from an Engine that lists one and at first cannot say more of it. */
class TakeoverTest {
  private static final TaskId ID = RuntimeProbe.id("web");

  @TempDir Path dir;
  private final AtomicBoolean tells = new AtomicBoolean();
  private HttpServer engine;

  @BeforeEach
  void serve() throws IOException {
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext("/", this::answer);
    engine.start();
  }

  @AfterEach
  void stop() {
    engine.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int status = 200;
    String body = "";
    if (path.endsWith("/containers/json")) {
      body =
          "[{\"Id\":\"c1\",\"State\":\"running\",\"Labels\":{\"%s\":\"%s\"}}]"
              .formatted(ContainerPlan.TASK_LABEL, ID.value());
    } else if (path.endsWith("/containers/c1/json") && tells.get()) {
      body =
          "{\"Id\":\"c1\",\"State\":{\"Status\":\"running\",\"Running\":true,\"Pid\":0,"
              + "\"StartedAt\":\"2026-11-25T10:00:00Z\"}}";
    } else if (path.endsWith("/containers/c1/json")) {
      status = 500;
      body = "{\"message\":\"busy\"}";
    } else if (!path.endsWith("/events")) {
      status = 404;
      body = "{\"message\":\"no such thing\"}";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void aContainerThatIsListedIsNeverWithoutATrace() throws Exception {
    DockerRuntime runtime =
        new DockerRuntime(
            "tcp://127.0.0.1:" + engine.getAddress().getPort(),
            new NodeInfo("one", "127.0.0.1", "127.0.0.1:8080", List.of("agent"), dir, "test"),
            new Sandboxes(dir.resolve("sandboxes")),
            RuntimeProbe.artifacts(dir),
            new LogLimits(1_000_000, 2),
            NameServers.NONE,
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              return thread;
            },
            Clock.systemUTC());
    try {
      assertEquals(Optional.empty(), runtime.unavailable());
      assertInstanceOf(RuntimeStatus.Preparing.class, runtime.inspect().get(ID));
      tells.set(true);
      RuntimeProbe.awaitRunning(runtime, ID);
    } finally {
      runtime.close();
    }
  }
}
