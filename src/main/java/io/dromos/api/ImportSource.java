package io.dromos.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppId;
import io.dromos.app.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Apps and groups as people have them in files and as a Marathon shows them: one app, a list,
 * {@code {"apps":[…]}}, {@code {"app":{…}}}, or a tree of groups. What a server added to a
 * definition is taken away again, and where an old Marathon shows a thing twice, once in legacy
 * form, one is kept.
 */
final class ImportSource {
  /** Deeper ones are nobody's. */
  private static final int MOST_LEVELS = 50;

  private static final Set<String> SERVER_FIELDS =
      Set.of(
          "version",
          "versionInfo",
          "tasks",
          "tasksStaged",
          "tasksRunning",
          "tasksHealthy",
          "tasksUnhealthy",
          "taskStats",
          "tasksStats",
          "deployments",
          "lastTaskFailure",
          "readinessCheckResults");

  /** Fields of today and of long ago that are shown empty where nothing was asked for. */
  private static final Set<String> EMPTY_IS_NONE =
      Set.of("secrets", "ipAddress", "storeUrls", "uris", "fetch", "dependencies", "residency");

  /**
   * A definition to create.
   *
   * @param json with an absolute id and absolute dependencies
   * @param inherited dependencies of the groups around it, which {@code json} has taken over
   */
  record Item(AppId id, ObjectNode json, Set<String> inherited) {
    Item {
      inherited = Set.copyOf(inherited);
    }
  }

  private final List<Item> apps = new ArrayList<>();
  private final List<String> pods = new ArrayList<>();

  private ImportSource() {}

  /**
   * Reads any of the forms.
   *
   * @throws BodyException 422 when it is none of them
   */
  static ImportSource of(JsonNode source) {
    ImportSource read = new ImportSource();
    read.any(source, AppId.ROOT, Set.of(), 0);
    return read;
  }

  List<Item> apps() {
    return List.copyOf(apps);
  }

  /** Ids of pods, which cannot be run here. */
  List<String> pods() {
    return List.copyOf(pods);
  }

  private void any(JsonNode node, AppId base, Set<String> around, int level) {
    if (level > MOST_LEVELS) {
      throw refused("/", "lists or groups are nested more than " + MOST_LEVELS + " deep");
    }
    if (node instanceof ArrayNode list) {
      list.forEach(element -> any(element, base, around, level + 1));
    } else if (!(node instanceof ObjectNode object)) {
      throw refused("/", "neither an app, nor a list of apps, nor a group");
    } else if (object.path("app").isObject()) {
      any(object.path("app"), base, around, level + 1);
    } else if (object.has("apps") || object.has("groups") || object.has("pods")) {
      group(object, base, around, level);
    } else {
      app(object, base, around);
    }
  }

  /** A group's dependencies hold for every app in it and in the groups below. */
  private void group(ObjectNode group, AppId base, Set<String> around, int level) {
    AppId id = group.path("id").isTextual() ? AppId.of(group.path("id").asText(), base) : base;
    Set<String> dependencies = new TreeSet<>(around);
    group.path("dependencies").forEach(d -> dependencies.add(AppId.of(d.asText(), id).path()));
    group.path("apps").forEach(app -> any(app, id, dependencies, level + 1));
    for (JsonNode child : group.path("groups")) {
      if (!(child instanceof ObjectNode object) || level >= MOST_LEVELS) {
        throw refused("/groups", "not a list of groups, or more than " + MOST_LEVELS + " deep");
      }
      group(object, id, dependencies, level + 1);
    }
    group.path("pods").forEach(pod -> pods.add(AppId.of(pod.path("id").asText(), id).path()));
  }

  private void app(ObjectNode given, AppId base, Set<String> around) {
    if (!given.path("id").isTextual()) {
      throw refused("/id", "an app without an id, so it may be no app at all");
    }
    ObjectNode app = given.deepCopy();
    AppId id = AppId.of(app.path("id").asText(), base);
    if (apps.stream().anyMatch(other -> other.id().equals(id))) {
      throw refused("/id", id + " is there twice");
    }
    app.put("id", id.path());
    app.remove(SERVER_FIELDS);
    dropNulls(app);
    EMPTY_IS_NONE.stream()
        .filter(field -> app.path(field).isContainerNode() && app.path(field).isEmpty())
        .forEach(app::remove);
    Set<String> inherited = dependencies(app, base, around);
    dropDuplicates(app);
    apps.add(new Item(id, app, inherited));
  }

  /** Makes dependencies absolute and adds those of the groups around; which ones were new. */
  private static Set<String> dependencies(ObjectNode app, AppId base, Set<String> around) {
    Set<String> added = new TreeSet<>(around);
    if (app.path("dependencies") instanceof ArrayNode own) {
      absolute(own, base);
      own.forEach(d -> added.remove(d.asText()));
    }
    if (!added.isEmpty()
        && (app.path("dependencies").isMissingNode() || app.path("dependencies").isArray())) {
      added.forEach(app.withArray("/dependencies")::add);
    }
    return added;
  }

  private static void absolute(ArrayNode dependencies, AppId base) {
    for (int i = 0; i < dependencies.size(); i++) {
      if (dependencies.get(i).isTextual()) {
        dependencies.set(i, AppId.of(dependencies.get(i).asText(), base).path());
      }
    }
  }

  private static void dropNulls(ObjectNode object) {
    List<String> nulls = new ArrayList<>();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                nulls.add(field.getKey());
              } else if (field.getValue() instanceof ObjectNode inner) {
                dropNulls(inner);
              }
            });
    object.remove(nulls);
  }

  /** Marathon up to 1.4 shows the old form beside the new one. */
  private static void dropDuplicates(ObjectNode app) {
    if (app.has("fetch")) {
      app.remove("uris");
    }
    JsonNode docker = app.path("container").path("docker");
    boolean mapped = app.path("container").has("portMappings") || docker.has("portMappings");
    if (app.has("portDefinitions") || mapped) {
      app.remove("ports");
    }
    if (docker instanceof ObjectNode object) {
      if (app.has("networks")) {
        object.remove("network");
      }
      if (app.path("container").has("portMappings")) {
        object.remove("portMappings");
      }
    }
    if (app.has("networks")) {
      app.remove("ipAddress");
    }
  }

  private static BodyException refused(String path, String words) {
    return BodyException.invalid(List.of(new Violation(path, words)));
  }
}
