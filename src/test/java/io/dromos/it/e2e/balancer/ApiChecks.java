package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** C01 to C12: the API as marathon-lb itself reads it. */
interface ApiChecks extends Checks {
  /** The types that marathon-lb acts on. */
  Set<String> ACTED_ON =
      Set.of("api_post_event", "health_status_changed_event", "status_update_event");

  private JsonNode apps() {
    try {
      return lb().node().json("/v2/apps?embed=apps.tasks").path("apps");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @LbCheck({1, 2})
  default void oneReadHasAllAppsWithLabelsAndTasksAlsoEmptyOnes() {
    assertTrue(apps().size() > 20);
    for (JsonNode app : apps()) {
      assertTrue(app.path("labels").isObject(), app::toString);
      assertTrue(app.path("tasks").isArray(), app::toString);
      assertTrue(app.path("id").asText().startsWith("/"), app::toString);
    }
  }

  @LbCheck(3)
  default void healthChecksHaveAllThatMarathonLbReads() {
    int seen = 0;
    for (JsonNode app : apps()) {
      for (JsonNode check : app.path("healthChecks")) {
        seen++;
        assertTrue(check.has("portIndex") || check.has("port"), check::toString);
        for (String field :
            List.of(
                "protocol",
                "timeoutSeconds",
                "intervalSeconds",
                "gracePeriodSeconds",
                "maxConsecutiveFailures")) {
          assertTrue(check.has(field), field + " in " + check);
        }
      }
    }
    assertTrue(seen >= 6, seen + " checks");
  }

  @LbCheck(4)
  default void servicePortsAreAssigned() {
    for (JsonNode app : apps()) {
      for (JsonNode port : app.path("portDefinitions")) {
        assertTrue(port.path("port").asInt() > 0, app::toString);
      }
    }
  }

  @LbCheck(5)
  default void tasksAndAppsHaveWhatDeploymentsNeed() {
    JsonNode app = lb().app("plain");
    assertTrue(app.path("deployments").isArray());
    assertFalse(app.path("versionInfo").path("lastScalingAt").asText().isEmpty());
    for (JsonNode task : app.path("tasks")) {
      assertEquals("127.0.0.1", task.path("host").asText());
      assertEquals("TASK_RUNNING", task.path("state").asText());
      assertTrue(task.path("ports").path(0).asInt() >= 33000, task::toString);
      assertTrue(task.path("ipAddresses").isArray(), task::toString);
    }
    JsonNode checked = lb().app("httpcheck").path("tasks").path(0);
    assertTrue(checked.path("healthCheckResults").path(0).path("alive").asBoolean());
  }

  @LbCheck(6)
  default void anAppWithPortMappingsHasNoPortDefinitions()
      throws IOException, InterruptedException {
    lb().node()
        .deploy(
            """
            {"id":"mapped","instances":0,"cpus":0.01,"mem":8,
             "container":{"type":"DOCKER","docker":{"image":"debian"},
              "portMappings":[{"containerPort":80,"servicePort":0}]},
             "networks":[{"mode":"container/bridge"}]}""");
    JsonNode app = lb().app("mapped");
    assertFalse(app.has("portDefinitions"), app::toString);
    assertTrue(
        app.path("container").path("portMappings").path(0).path("servicePort").asInt() > 0,
        app::toString);
    lb().node().send("DELETE", "/v2/apps/mapped", "");
  }

  @LbCheck(9)
  default void silenceIsBrokenLongBeforeMarathonLbGivesUp() {
    Await.until("a second heartbeat", Balancer.LIMIT, () -> lb().reads() >= 3);
  }

  /** Reads events in marathon-lb's way: lines that begin with "data: ", each parsed alone. */
  final class Events implements AutoCloseable {
    private final InputStream stream;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    Events(Balancer lb) throws IOException, InterruptedException {
      HttpResponse<InputStream> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              lb.node().url()
                                  + "/v2/events?plan-format=light&event_type=api_post_event"
                                  + "&event_type=health_status_changed_event"
                                  + "&event_type=status_update_event"))
                      .header("Accept", "text/event-stream")
                      .build(),
                  BodyHandlers.ofInputStream());
      assertEquals(200, answer.statusCode());
      stream = answer.body();
      Thread reader = new Thread(this::read, "events");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (java.io.BufferedReader lines =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("data: ")) {
            events.add(new ObjectMapper().readTree(line.substring("data: ".length())));
          }
        }
      } catch (IOException e) {
        // The test is over.
      }
    }

    void await(String type, String app) {
      Await.until(
          type + " of " + app + " in " + events,
          Balancer.LIMIT,
          () ->
              events.stream()
                  .anyMatch(
                      event ->
                          event.path("eventType").asText().equals(type)
                              && event.toString().contains("/" + app)));
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @LbCheck({7, 8, 10, 11, 12})
  default void everyChangeIsToldInOneLineOfATypeThatIsActedOn()
      throws IOException, InterruptedException {
    World world = new World(lb().node());
    try (Events events = new Events(lb())) {
      world.create(World.checked(world.shown("told", Map.of()), "HTTP", "/"));
      events.await("api_post_event", "told");
      events.await("status_update_event", "told");
      events.await("health_status_changed_event", "told");
      events.events.clear();
      lb().node().send("PUT", "/v2/apps/told?force=true", "{\"labels\":{\"a\":\"b\"}}");
      events.await("api_post_event", "told");
      assertEquals("b", lb().app("told").path("labels").path("a").asText(), "visible by then");
      events.events.clear();
      lb().node().send("PUT", "/v2/apps/told?force=true", "{\"instances\":2}");
      events.await("api_post_event", "told");
      events.await("status_update_event", "told");
      events.events.clear();
      lb().node().send("DELETE", "/v2/apps/told?force=true", "");
      events.await("status_update_event", "told");
      events.events.forEach(
          event ->
              assertTrue(ACTED_ON.contains(event.path("eventType").asText()), event::toString));
    }
  }
}
