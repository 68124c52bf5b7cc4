package io.dromos.it.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Notifications and CDI signals are off in this container ({@code dromos.signals=false}): the EJB
 * timer alone wakes the loops, and is enough.
 */
@ExtendWith(ArquillianExtension.class)
class TimerIT {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  @Deployment
  static WebArchive war() {
    return PackagedWar.withTests();
  }

  @ArquillianResource private URL base;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  @RunAsClient
  void theTimerAloneStartsATaskWithinTwoSeconds() throws IOException, InterruptedException {
    start("/warm");
    long took = start("/timed");
    System.out.println("by the timer alone: POST to TASK_RUNNING in " + took + " ms");
    assertTrue(took <= LIMIT.toMillis(), "POST to TASK_RUNNING took " + took + " ms");
    delete("/warm");
    delete("/timed");
  }

  private long start(String id) throws IOException, InterruptedException {
    long began = System.nanoTime();
    HttpResponse<String> created =
        send(
            "POST",
            "v2/apps",
            "{\"id\":\"" + id + "\",\"cmd\":\"exec sleep 1000\",\"cpus\":0.01,\"mem\":8}");
    assertEquals(201, created.statusCode(), created.body());
    while (System.nanoTime() - began < Duration.ofSeconds(30).toNanos()) {
      if (send("GET", "v2/apps" + id + "/tasks", "").body().contains("TASK_RUNNING")) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError(id + " never ran: " + send("GET", "console/why" + id, "").body());
  }

  private void delete(String id) throws IOException, InterruptedException {
    assertEquals(200, send("DELETE", "v2/apps" + id + "?force=true", "").statusCode());
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (send("GET", "v2/tasks", "").body().contains("\"" + id + "\"")) {
      assertTrue(System.nanoTime() < deadline, "tasks of " + id + " stay");
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base.toString()).resolve("/" + path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
