package io.dromos.it.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The server under test, spoken to as Marathon's clients do. */
final class Marathon {
  /** Longest a change may take to be carried out. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;

  Marathon(String url) {
    this.url = url;
  }

  String url() {
    return url;
  }

  /** Header names and values alternate. */
  Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  Answer post(String path, String json) {
    return send("POST", path, json, "Content-Type", "application/json");
  }

  Answer put(String path, String json) {
    return send("PUT", path, json, "Content-Type", "application/json");
  }

  Answer patch(String path, String json) {
    return send("PATCH", path, json, "Content-Type", "application/json");
  }

  Answer send(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    String told = method + " " + path + (body == null ? "" : " " + body);
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(told, answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new AssertionError(told + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(told, e);
    }
  }

  /** Creates an app, and fails with the server's words when it is refused. */
  Answer create(String json) {
    return Expect.status(201, post("/v2/apps", json));
  }

  /** Creates an app and waits until its deployment is over. */
  Answer createAndSettle(String json) {
    Answer created = create(json);
    settle(created);
    return created;
  }

  JsonNode app(String id) {
    return Expect.status(200, get("/v2/apps/" + id)).at("/app");
  }

  /** Waits until the deployment that this answer began is over. */
  void settle(Answer started) {
    String deployment = started.header("Marathon-Deployment-Id");
    Await.until(
        started + "\nto end, but: " + get("/v2/deployments").text(),
        LIMIT,
        () -> !deploymentIds().contains(deployment));
  }

  /** Waits until no deployment is under way. */
  void settle() {
    Await.until("no deployments", LIMIT, () -> get("/v2/deployments").json().isEmpty());
  }

  List<String> deploymentIds() {
    List<String> ids = new ArrayList<>();
    get("/v2/deployments").json().forEach(d -> ids.add(d.path("id").asText()));
    return ids;
  }

  /** The deployment with this id, missing when it is not under way. */
  JsonNode deployment(String id) {
    for (JsonNode deployment : get("/v2/deployments").json()) {
      if (deployment.path("id").asText().equals(id)) {
        return deployment;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  List<JsonNode> tasks(String app) {
    List<JsonNode> tasks = new ArrayList<>();
    get("/v2/apps/" + app + "/tasks").at("/tasks").forEach(tasks::add);
    return tasks;
  }

  List<JsonNode> running(String app) {
    return tasks(app).stream().filter(t -> state(t).equals("TASK_RUNNING")).toList();
  }

  /** Waits until exactly {@code count} tasks run. */
  List<JsonNode> awaitRunning(String app, int count) {
    return Await.value(
        count + " running tasks of " + app,
        LIMIT,
        () -> {
          List<JsonNode> running = running(app);
          return running.size() == count && tasks(app).size() == count ? running : null;
        });
  }

  static String state(JsonNode task) {
    return task.path("state").asText();
  }

  static List<String> ids(Iterable<JsonNode> tasks) {
    List<String> ids = new ArrayList<>();
    tasks.forEach(t -> ids.add(t.path("id").asText()));
    return ids;
  }

  /** Deletes what one check made: apps and groups whose first path element is {@code c<number>}. */
  void clear(int check) {
    String own = "/c" + check;
    remove(id -> (id + "/").toLowerCase(Locale.ROOT).matches(own + "[a-z-]*/.*"));
  }

  /** Deletes everything and waits until it is gone. */
  void clear() {
    remove(id -> true);
    Await.until(
        "an empty server",
        LIMIT,
        () -> {
          remove(id -> true);
          return get("/v2/apps").at("/apps").isEmpty()
              && get("/v2/tasks").at("/tasks").isEmpty()
              && get("/v2/deployments").json().isEmpty();
        });
  }

  private void remove(Predicate<String> wanted) {
    for (JsonNode app : get("/v2/apps").at("/apps")) {
      String id = app.path("id").asText();
      if (wanted.test(id)) {
        delete("/v2/apps" + id);
      }
    }
  }
}
