package io.dromos.dcos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.Json;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The package catalogue in the form of Cosmos (dcos-cli-api reference, 8.3). It holds what Dromos
 * can honestly offer: {@code marathon-lb}, which every node with an edge is already. Pure.
 */
final class PackageCatalogue {
  static final String LOAD_BALANCER = "marathon-lb";
  static final String NAME_LABEL = "DCOS_PACKAGE_NAME";
  static final String VERSION_LABEL = "DCOS_PACKAGE_VERSION";

  /** What comes of a call. */
  sealed interface Outcome {}

  /** Answer with this body. */
  record Answer(ObjectNode body) implements Outcome {}

  /** Cosmos' error form. */
  record Problem(int status, String type, String message) implements Outcome {}

  /** Remove these apps, then answer. */
  record Removal(Set<AppId> apps, ObjectNode body) implements Outcome {}

  private final EdgeFacts edge;
  private final List<AppSpec> installed;
  private final String version;

  /**
   * @param apps all apps; those that carry the package label count as installed
   * @param version of Dromos, which is the version of its packages
   */
  PackageCatalogue(EdgeFacts edge, Collection<AppSpec> apps, String version) {
    this.edge = edge;
    this.version = version;
    this.installed =
        apps.stream()
            .filter(a -> a.labels().containsKey(NAME_LABEL))
            .sorted(
                Comparator.comparing((AppSpec a) -> a.labels().getOrDefault(NAME_LABEL, ""))
                    .thenComparing(AppSpec::id))
            .toList();
  }

  /**
   * @param operation as in the path, such as {@code search} or {@code repository/list}
   */
  Outcome call(String operation, JsonNode request) {
    return switch (operation) {
      case "search" -> search(request.path("query").asText(""));
      case "describe" -> describe(request);
      case "list-versions" -> listVersions(request);
      case "render" -> render(request);
      case "install" -> install(request);
      case "list" -> list(request);
      case "uninstall" -> uninstall(request);
      case "repository/list" -> repositories();
      case "repository/add", "repository/delete" ->
          new Problem(
              400,
              "NotImplemented",
              "The catalogue of Dromos is built in: repositories cannot be added or removed");
      default -> new Problem(404, "NotFound", "No such operation: /package/" + operation);
    };
  }

  private Outcome search(String query) {
    ObjectNode body = object();
    ArrayNode packages = body.putArray("packages");
    if (matches(query.toLowerCase(Locale.ROOT).strip())) {
      ObjectNode found = packages.addObject();
      found.put("name", LOAD_BALANCER);
      found.put("currentVersion", version);
      found.putObject("versions").put(version, "0");
      found.put("description", description());
      found.put("framework", false);
      found.put("selected", true);
      found.putArray("tags").add("loadbalancer").add("service-discovery").add("edge");
      found.putObject("images");
    }
    return new Answer(body);
  }

  private static boolean matches(String query) {
    String pattern =
        query
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(String.valueOf((char) c)))
            .reduce("", String::concat);
    return query.isEmpty()
        || "marathon-lb load balancer loadbalancer edge haproxy service-discovery".contains(query)
        || LOAD_BALANCER.matches(pattern);
  }

  private String description() {
    return "Public virtual hosts and service ports for apps with the label HAPROXY_GROUP."
        + " Built into Dromos: the edge of every node with the role edge.";
  }

  private Outcome describe(JsonNode request) {
    Problem problem = unknown(request);
    if (problem != null) {
      return problem;
    }
    ObjectNode body = object();
    ObjectNode definition = body.putObject("package");
    definition.setAll(definition());
    return new Answer(body);
  }

  private ObjectNode definition() {
    ObjectNode definition = object();
    definition.put("packagingVersion", "4.0");
    definition.put("name", LOAD_BALANCER);
    definition.put("version", version);
    definition.put("releaseVersion", 0);
    definition.put("maintainer", "Dromos");
    definition.put("description", description());
    definition.putArray("tags").add("loadbalancer").add("service-discovery").add("edge");
    definition.put("selected", true);
    definition.put("framework", false);
    definition.put("postInstallNotes", edge.sentence());
    definition.putArray("upgradesFrom");
    definition.putArray("downgradesTo");
    // No marathon template: clients then know that there is no app to start.
    return definition;
  }

  private Outcome listVersions(JsonNode request) {
    Problem problem = unknown(request);
    if (problem != null) {
      return problem;
    }
    ObjectNode body = object();
    body.putObject("results").put(version, "0");
    return new Answer(body);
  }

  private Outcome render(JsonNode request) {
    Problem problem = unknown(request);
    return problem != null
        ? problem
        : new Problem(
            400,
            "ServiceMarathonTemplateNotFound",
            "Package [marathon-lb] is part of Dromos and has no app definition. "
                + edge.sentence());
  }

  /** Installing what is there already succeeds and says so; where it isn't there, it says that. */
  private Outcome install(JsonNode request) {
    Problem problem = unknown(request);
    if (problem != null) {
      return problem;
    }
    String group = request.path("options").path(LOAD_BALANCER).path("haproxy-group").asText("");
    if (!edge.present()) {
      return new Problem(400, "ServiceUnavailable", edge.sentence());
    }
    if (!group.isEmpty() && !edge.serves(group)) {
      return new Problem(
          400,
          "JsonSchemaMismatch",
          "This edge serves "
              + String.join(", ", edge.groups())
              + ", not "
              + group
              + ": add it to dromos.edge.groups");
    }
    ObjectNode body = object();
    body.put("packageName", LOAD_BALANCER);
    body.put("packageVersion", version);
    body.put("postInstallNotes", edge.sentence());
    return new Answer(body);
  }

  private Outcome list(JsonNode request) {
    String name = request.path("packageName").asText("");
    String appId = request.path("appId").asText("");
    ObjectNode body = object();
    ArrayNode packages = body.putArray("packages");
    if (edge.present() && appId.isEmpty() && (name.isEmpty() || name.equals(LOAD_BALANCER))) {
      ObjectNode own = packages.addObject();
      own.put("appId", "");
      own.putObject("packageInformation").set("packageDefinition", definition());
    }
    for (AppSpec app : installed) {
      String packageName = app.labels().getOrDefault(NAME_LABEL, "");
      boolean wanted =
          (name.isEmpty() || name.equals(packageName))
              && (appId.isEmpty() || AppId.of(appId).equals(app.id()));
      if (wanted) {
        ObjectNode one = packages.addObject();
        one.put("appId", app.id().path());
        one.putObject("packageInformation")
            .putObject("packageDefinition")
            .put("name", packageName)
            .put("version", app.labels().getOrDefault(VERSION_LABEL, ""));
      }
    }
    return new Answer(body);
  }

  private Outcome uninstall(JsonNode request) {
    String name = request.path("packageName").asText("");
    String appId = request.path("appId").asText("");
    List<AppSpec> found = new ArrayList<>();
    for (AppSpec app : installed) {
      if (name.equals(app.labels().get(NAME_LABEL))
          && (appId.isEmpty() || AppId.of(appId).equals(app.id()))) {
        found.add(app);
      }
    }
    if (found.isEmpty()) {
      return name.equals(LOAD_BALANCER) && edge.present()
          ? new Problem(
              400,
              "PackageNotInstalled",
              "Package [marathon-lb] is the edge of this node and no app: take edge out of"
                  + " dromos.node.roles to stop it")
          : new Problem(400, "PackageNotInstalled", "Package [" + name + "] is not installed");
    }
    if (found.size() > 1 && !request.path("all").asBoolean(false)) {
      return new Problem(
          400,
          "AmbiguousAppId",
          "Multiple apps named ["
              + name
              + "] are installed: "
              + String.join(", ", found.stream().map(a -> a.id().path()).toList()));
    }
    ObjectNode body = object();
    ArrayNode results = body.putArray("results");
    Set<AppId> ids = new LinkedHashSet<>();
    for (AppSpec app : found) {
      ids.add(app.id());
      results
          .addObject()
          .put("packageName", name)
          .put("appId", app.id().path())
          .put("packageVersion", app.labels().getOrDefault(VERSION_LABEL, ""));
    }
    return new Removal(ids, body);
  }

  private static Outcome repositories() {
    ObjectNode body = object();
    body.putArray("repositories").addObject().put("name", "built-in").put("uri", "dromos:edge");
    return new Answer(body);
  }

  private @Nullable Problem unknown(JsonNode request) {
    String name = request.path("packageName").asText("");
    if (!name.equals(LOAD_BALANCER)) {
      return new Problem(400, "PackageNotFound", "Package [" + name + "] not found");
    }
    String wanted = request.path("packageVersion").asText("");
    return wanted.isEmpty() || wanted.equals(version)
        ? null
        : new Problem(
            400,
            "VersionNotFound",
            "Version [" + wanted + "] of package [" + name + "] not found: there is " + version);
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }
}
