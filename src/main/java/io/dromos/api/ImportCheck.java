package io.dromos.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppValidator;
import io.dromos.app.PortSpec;
import io.dromos.app.Violation;
import io.dromos.routing.LabelCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What would become of definitions that come from elsewhere, before anything is created: each with
 * every field and label that will not do here what it did there. Pure but for the apps it is given.
 */
final class ImportCheck {
  /** The word for what happens to a field or label. */
  enum What {
    /** The app cannot be created as it is. */
    REFUSED,
    /** Not stored. */
    IGNORED,
    /** Stored and shown again, with no effect. */
    KEPT,
    /** Honoured in another way, or with another value. */
    DIFFERS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One field or label, by its path in the definition. */
  record Finding(String path, String what, String words) {}

  /**
   * One definition.
   *
   * @param state {@code new}, {@code changed}, {@code unchanged}, or {@code refused}
   * @param definition what to send to {@code PUT /v2/apps}; absent when it is refused
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Verdict(
      String id, String state, List<Finding> findings, @Nullable ObjectNode definition) {}

  private final AppValidator validator;
  private final Map<AppId, AppSpec> existing;

  ImportCheck(AppValidator validator, Map<AppId, AppSpec> existing) {
    this.validator = validator;
    this.existing = existing;
  }

  Verdict check(ImportSource.Item item) {
    Map<String, Finding> found = new TreeMap<>();
    AppSpec spec = read(item, found);
    if (spec == null) {
      return new Verdict(item.id().path(), "refused", List.copyOf(found.values()), null);
    }
    AppSpec stored = existing.get(spec.id());
    String state = stored == null ? "new" : isSame(spec, stored) ? "unchanged" : "changed";
    return new Verdict(item.id().path(), state, List.copyOf(found.values()), item.json());
  }

  /** The definition as it would be stored; null when it would be refused. */
  private @Nullable AppSpec read(ImportSource.Item item, Map<String, Finding> found) {
    AppJson app;
    try {
      app = Json.read(Json.write(item.json()).getBytes(StandardCharsets.UTF_8), AppJson.class);
    } catch (BodyException e) {
      refuse(e.body(), found);
      return null;
    }
    unknown(item.json(), Json.MAPPER.valueToTree(app), "", found);
    notes(item.json(), found);
    List<Violation> broken = AppSchema.check(app, "");
    AppSpec spec = null;
    if (broken.isEmpty()) {
      Normalized normalized = AppNormalizer.create(item.id(), app, item.id().parent());
      if (normalized instanceof Normalized.Complete complete) {
        spec = complete.spec();
        broken = validator.validate(spec);
      } else {
        broken = ((Normalized.Broken) normalized).violations();
      }
    }
    broken.forEach(v -> add(found, v.path(), What.REFUSED, v.message()));
    if (spec == null || !broken.isEmpty()) {
      return null;
    }
    ObjectNode canonical = LegacyForms.translate(app, true);
    canonical.remove(List.of("id", "dependencies"));
    differs(canonical, Json.MAPPER.valueToTree(AppJson.of(spec)), "", found);
    enforcement(spec, item.json(), found);
    if (!item.inherited().isEmpty()) {
      String words = "taken over from a group around it: " + String.join(", ", item.inherited());
      add(found, "/dependencies", What.DIFFERS, words);
    }
    LabelCheck.of(spec)
        .forEach((label, words) -> add(found, "/labels/" + label, What.IGNORED, words));
    return spec;
  }

  private static void refuse(ErrorJson error, Map<String, Finding> found) {
    JsonNode details = Json.MAPPER.valueToTree(error).path("details");
    for (JsonNode detail : details) {
      List<String> words = new ArrayList<>();
      detail.path("errors").forEach(e -> words.add(e.asText()));
      add(found, detail.path("path").asText("/"), What.REFUSED, String.join("; ", words));
    }
    if (found.isEmpty()) {
      add(found, "/", What.REFUSED, error.message());
    }
  }

  /** What reading lost: fields that no Marathon 1.11 has, or that are of its own making. */
  private static void unknown(
      JsonNode given, JsonNode known, String path, Map<String, Finding> found) {
    if (given instanceof ObjectNode object) {
      for (var field : object.properties()) {
        String at = path + "/" + field.getKey();
        if (known.has(field.getKey())) {
          unknown(field.getValue(), known.path(field.getKey()), at, found);
        } else if (!isEmpty(field.getValue())) {
          add(found, at, What.IGNORED, "not a field of Marathon 1.11");
        }
      }
    } else if (given instanceof ArrayNode array && known instanceof ArrayNode) {
      for (int i = 0; i < array.size(); i++) {
        unknown(array.get(i), known.path(i), path + "(" + i + ")", found);
      }
    }
  }

  private static void notes(JsonNode app, Map<String, Finding> found) {
    FieldNotes.KEPT.forEach(
        (field, words) -> each(app, field, "", at -> add(found, at, What.KEPT, words)));
    FieldNotes.IGNORED.forEach(
        (field, words) -> each(app, field, "", at -> add(found, at, What.IGNORED, words)));
    // The role that everybody has is no request.
    if (app.path("role").asText("*").equals("*")) {
      found.remove("/role");
    }
  }

  /** Calls {@code then} with every path of the document that {@code field} names. */
  private static void each(JsonNode node, String field, String path, Consumer<String> then) {
    int dot = field.indexOf('.');
    String name = dot < 0 ? field : field.substring(0, dot);
    String rest = dot < 0 ? "" : field.substring(dot + 1);
    JsonNode value = node.path(name.replace("[]", ""));
    String at = path + "/" + name.replace("[]", "");
    if (name.endsWith("[]")) {
      for (int i = 0; i < value.size(); i++) {
        each(value.get(i), rest, at + "(" + i + ")", then);
      }
    } else if (!rest.isEmpty()) {
      each(value, rest, at, then);
    } else if (!isEmpty(value)) {
      then.accept(at);
    }
  }

  /** Where what is shown afterwards is not what was given. */
  private static void differs(
      JsonNode given, JsonNode shown, String path, Map<String, Finding> found) {
    if (isEmpty(given) || found.containsKey(path)) {
      return;
    }
    if (shown.isMissingNode() || shown.isNull()) {
      add(found, path, What.DIFFERS, "left out: it has no effect together with the rest");
    } else if (given instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              f -> differs(f.getValue(), shown.path(f.getKey()), path + "/" + f.getKey(), found));
    } else if (given instanceof ArrayNode array) {
      if (array.size() != shown.size()) {
        String words = array.size() + " entries become " + shown.size();
        add(found, path, What.DIFFERS, words);
        return;
      }
      for (int i = 0; i < array.size(); i++) {
        differs(array.get(i), shown.get(i), path + "(" + i + ")", found);
      }
    } else if (!isSameValue(given, shown)) {
      add(found, path, What.DIFFERS, given + " becomes " + shown);
    }
  }

  private static boolean isSameValue(JsonNode given, JsonNode shown) {
    if (given.isNumber() && shown.isNumber()) {
      return given.asDouble() == shown.asDouble();
    }
    return given.asText().equalsIgnoreCase(shown.asText());
  }

  /** What Mesos holds a task to and a plain process of ours isn't held to. */
  private static void enforcement(AppSpec spec, JsonNode given, Map<String, Finding> found) {
    if (!spec.needsDocker()) {
      for (String field : List.of("cpus", "mem")) {
        if (given.has(field)) {
          String words = "counts for placement; a plain process is not held to it";
          add(found, "/" + field, What.DIFFERS, words);
        }
      }
    } else if (given.path("container").path("type").asText().equalsIgnoreCase("MESOS")) {
      add(found, "/container/type", What.DIFFERS, "the image runs on the Docker Engine");
    }
    if (spec.resources().diskMiB() > 0) {
      add(found, "/disk", What.DIFFERS, "counts for placement; not enforced");
    }
  }

  /** True when storing it would change nothing: port 0 is whatever was assigned. */
  private static boolean isSame(AppSpec wanted, AppSpec stored) {
    List<PortSpec> ports = new ArrayList<>();
    for (int i = 0; i < wanted.ports().size(); i++) {
      PortSpec port = wanted.ports().get(i);
      boolean assigned = port.servicePort() == 0 && i < stored.ports().size();
      ports.add(assigned ? port.withServicePort(stored.ports().get(i).servicePort()) : port);
    }
    return wanted.instances() == stored.instances() && wanted.withPorts(ports).sameConfig(stored);
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isEmpty());
  }

  private static void add(Map<String, Finding> found, String path, What what, String words) {
    found.merge(
        path,
        new Finding(path, what.word(), words),
        (old, now) ->
            old.what().equals(now.what())
                ? new Finding(path, old.what(), old.words() + "; " + now.words())
                : what == What.REFUSED ? now : old);
  }
}
