package io.dromos.it.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Requests to every resource of the API, most of them nearly right. */
final class FuzzRequests {
  /** One request; a {@code body} of null is none. */
  static final class Request {
    final String method;
    final String target;
    final String type;
    final String accept;
    final byte[] body;

    Request(String method, String target, String type, String accept, byte[] body) {
      this.method = method;
      this.target = target;
      this.type = type;
      this.accept = accept;
      this.body = body;
    }

    @Override
    public String toString() {
      String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
      return method + " " + target + " (" + type + ", " + accept + ") " + text;
    }
  }

  private record Resource(
      String path,
      List<String> methods,
      List<String> parameters,
      FuzzTypes.Shape body,
      int weight) {}

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final FuzzTypes.Shape APPS = new FuzzTypes.ListOf(FuzzTypes.APP, 3);
  private static final FuzzTypes.Shape KILL =
      new FuzzTypes.Fields(
          java.util.Map.of(
              "ids",
              new FuzzTypes.ListOf(
                  new FuzzTypes.Text(
                      List.of(
                          "fuzz_a.c7c311a4-b669-11e6-a48f-0ea4f4b1778c",
                          "fuzz_a.instance-c7c311a4-b669-11e6-a48f-0ea4f4b1778c._app.1",
                          "garbage")),
                  3)),
          List.of("ids"));
  private static final List<String> VALUES =
      List.of("true", "false", "", "True", "no", "1", "-1", "*", "10.0.0.1", "null");

  /** {@code {app}}, {@code {group}} and {@code {word}} are filled in. */
  private static final List<Resource> RESOURCES =
      List.of(
          on("/v2/apps", "POST", FuzzTypes.APP, 30, "force"),
          on("/v2/apps", "PUT PATCH", APPS, 6, "force", "partialUpdate"),
          on("/v2/apps", "GET", null, 6, "id", "cmd", "label", "embed"),
          on("/v2/apps/{app}", "PUT PATCH", FuzzTypes.APP, 24, "force", "partialUpdate"),
          on("/v2/apps/{app}", "GET", null, 8, "embed"),
          on("/v2/apps/{app}", "DELETE", null, 5, "force"),
          on("/v2/apps/{group}/*", "GET", null, 2, "embed"),
          on("/v2/apps/{app}/restart", "POST", null, 2, "force"),
          on("/v2/apps/{app}/versions", "GET", null, 2),
          on("/v2/apps/{app}/versions/{word}", "GET", null, 2),
          on("/v2/apps/{app}/tasks", "GET", null, 2),
          on("/v2/apps/{app}/tasks", "DELETE", null, 2, "host", "scale", "wipe", "force"),
          on("/v2/apps/{app}/tasks/{word}", "DELETE", null, 2, "scale", "wipe", "force"),
          on("/v2/tasks", "GET", null, 2, "status", "status[]"),
          on("/v2/tasks/delete", "POST", KILL, 4, "scale", "wipe", "force"),
          on("/v2/groups", "POST", FuzzTypes.GROUP, 6, "force"),
          on("/v2/groups", "PUT", FuzzTypes.GROUP, 2, "force", "dryRun"),
          on("/v2/groups/{group}", "POST PUT PATCH", FuzzTypes.GROUP, 8, "force", "dryRun"),
          on("/v2/groups/{group}", "DELETE", null, 1, "force"),
          on("/v2/groups/{group}", "GET", null, 3, "embed"),
          on("/v2/groups/{group}/apps", "GET", null, 1, "embed"),
          on("/v2/groups/{group}/versions", "GET", null, 1),
          on("/v2/groups/{group}/versions/{word}", "GET", null, 1, "embed"),
          on("/v2/deployments", "GET", null, 2),
          on("/v2/deployments/{word}", "DELETE", null, 2, "force"),
          on("/v2/queue", "GET", null, 2, "embed"),
          on("/v2/queue/{app}/delay", "DELETE", null, 2),
          on("/v2/pods", "GET POST HEAD", FuzzTypes.APP, 1),
          on("/v2/pods/{app}", "GET PUT DELETE", FuzzTypes.APP, 1),
          on("/v2/pods/{app}::status", "GET", null, 1),
          on("/v2/info", "GET", null, 1),
          on("/v2/leader", "GET", null, 1),
          on("/v2/plugins", "GET", null, 1),
          on("/v2/plugins/{word}/x", "GET", null, 1),
          on("/v2/events", "GET", null, 1, "event_type", "plan-format"),
          on("/v2/{word}", "GET POST", FuzzTypes.APP, 1),
          on("/console/why/{app}", "GET", null, 1),
          on("/mesos/state", "GET", null, 1),
          on("/logging", "GET POST", KILL, 1),
          on("/metrics", "GET", null, 1),
          on("/ping", "GET", null, 1));

  private static final int WEIGHT = RESOURCES.stream().mapToInt(Resource::weight).sum();

  private final Random random;
  private final FuzzJson json;

  FuzzRequests(Random random) {
    this.random = random;
    this.json = new FuzzJson(random);
  }

  Request next() {
    Resource resource = resource();
    String method = random.nextInt(40) == 0 ? json.one(METHODS) : json.one(resource.methods());
    StringBuilder target = new StringBuilder(path(resource.path()));
    query(resource, target);
    boolean withBody = resource.body() != null || random.nextInt(60) == 0;
    byte[] body = withBody && !method.equals("HEAD") ? body(resource.body()) : null;
    String type =
        random.nextInt(60) == 0
            ? json.one(List.of("text/plain", "application/xml", "application/json;charset=x"))
            : "application/json";
    String accept =
        random.nextInt(60) == 0
            ? json.one(List.of("text/html", "application/json;q=0", "text/plain", "a/b/c", "*/*"))
            : "application/json";
    return new Request(method, target.toString(), type, accept, body);
  }

  private byte[] body(FuzzTypes.Shape type) {
    int kind = random.nextInt(20);
    if (type == null || kind == 0) {
      return json.bytes(json.anything());
    }
    double defects = kind < 9 ? 0 : kind < 16 ? 0.03 : 0.2;
    return json.bytes(json.document(type, defects));
  }

  private Resource resource() {
    int at = random.nextInt(WEIGHT);
    for (Resource resource : RESOURCES) {
      at -= resource.weight();
      if (at < 0) {
        return resource;
      }
    }
    throw new IllegalStateException();
  }

  private String path(String pattern) {
    String path =
        pattern
            .replace("{app}", id())
            .replace("{group}", json.one(List.of("fuzz", "fuzz/deep", "nope", "/fuzz", "other")))
            .replace("{word}", word());
    return random.nextInt(50) == 0 ? path.replaceFirst("/", "//") + "/" : path;
  }

  private String id() {
    String good = ((FuzzTypes.Text) FuzzTypes.APP_ID).good().get(random.nextInt(7));
    return switch (random.nextInt(12)) {
      case 0 -> encode(json.odd());
      case 1 -> encode(good);
      case 2 -> "nope";
      default -> good.replaceFirst("^/", "");
    };
  }

  private String word() {
    return switch (random.nextInt(4)) {
      case 0 -> "2024-01-01T12:00:00.000Z";
      case 1 -> "fuzz_a.c7c311a4-b669-11e6-a48f-0ea4f4b1778c";
      case 2 -> "97c136bf-5a28-4821-9d94-480d9fbb01c8";
      default -> encode(json.odd());
    };
  }

  private void query(Resource resource, StringBuilder target) {
    char separator = '?';
    for (String parameter : resource.parameters()) {
      int chance = parameter.equals("force") ? 2 : 4;
      if (random.nextInt(chance) == 0) {
        target
            .append(separator)
            .append(encode(parameter))
            .append('=')
            .append(encode(value(parameter)));
        separator = '&';
      }
    }
  }

  private String value(String parameter) {
    if (random.nextInt(8) == 0) {
      return json.odd();
    }
    return switch (parameter) {
      case "force" -> random.nextInt(4) == 0 ? json.one(VALUES) : "true";
      case "label" ->
          json.one(
              List.of(
                  "env",
                  "env==prod",
                  "env in (a,b)",
                  "a notin (",
                  "!",
                  "x=",
                  "a==b,c!=d",
                  "(",
                  "!env"));
      case "embed" ->
          json.one(
              List.of(
                  "apps.tasks",
                  "app.counts",
                  "group.apps",
                  "group.groups",
                  "apps.failures",
                  "lastUnusedOffers",
                  "nothing"));
      case "event_type" -> "deployment_success";
      case "plan-format" -> "light";
      default -> json.one(VALUES);
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Resource on(
      String path, String methods, FuzzTypes.Shape body, int weight, String... parameters) {
    return new Resource(path, List.of(methods.split(" ")), List.of(parameters), body, weight);
  }
}
