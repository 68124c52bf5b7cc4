package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the page about the app definition to the code, and each line of it to what happens. */
class AppFieldsTest {
  private static final Path PAGE = Path.of("src/site/markdown/app-definition.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| (honoured|kept|ignored|refused) \\|.*");

  /** A definition that sets the field, by field; what it sets is not the default. */
  private static final Map<String, String> SAMPLES = AppFieldSamples.all();

  @Test
  void everyFieldOfTheCodeIsOnThePage() throws IOException {
    Set<String> missing = new TreeSet<>(fields());
    missing.removeAll(page().keySet());
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyFieldOnThePageIsInTheCode() throws IOException {
    Set<String> known = fields();
    Set<String> unknown = new TreeSet<>();
    for (String field : page().keySet()) {
      // What is refused or free as a whole is read without its structure.
      boolean below =
          known.stream().anyMatch(open -> field.startsWith(open + ".") && isOpen(open, known));
      if (!known.contains(field) && !below) {
        unknown.add(field);
      }
    }
    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyFieldHasASample() throws IOException {
    assertEquals(new TreeSet<>(page().keySet()), new TreeSet<>(SAMPLES.keySet()));
  }

  @TestFactory
  Stream<DynamicTest> everyFieldIsTreatedAsThePageSays() throws IOException {
    return page().entrySet().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.getKey() + " is " + row.getValue(),
                    () -> check(row.getKey(), row.getValue())));
  }

  private static void check(String field, String status) {
    String json = complete(SAMPLES.getOrDefault(field, ""));
    List<Violation> broken = Wire.violations(json);
    if (status.equals("refused")) {
      String path = "/" + field.replace("[]", "(0)").replaceAll("\\.\\*.*", "").replace('.', '/');
      String top = path.substring(1).replaceAll("/.*", "");
      boolean named =
          broken.stream()
              .anyMatch(
                  v ->
                      v.path().startsWith(path)
                          || path.startsWith(v.path() + "/")
                          // Marathon tells of these at the root, in words.
                          || (v.path().equals("/")
                              && v.message().toLowerCase(java.util.Locale.ROOT).contains("gpu")
                              && top.equals("gpus")));
      assertTrue(named, field + " is not refused by its path: " + broken);
      return;
    }
    assertEquals(List.of(), broken, json);
    if (field.equals("version")) {
      assertTrue(
          AppNormalizer.isRollback(
              Wire.app("{" + SAMPLES.getOrDefault(field, "").replace('\'', '"') + "}")));
      return;
    }
    AppSpec spec = Wire.spec(json);
    AppSpec base = Wire.spec(without(json, field));
    if (status.equals("ignored")) {
      assertEquals(Wire.shown(base), Wire.shown(spec), json);
      return;
    }
    assertNotEquals(Wire.shown(base), Wire.shown(spec), field + " changes nothing: " + json);
    assertNotEquals(base, spec);
    assertEquals(spec, Wire.spec(Json.write(AppJson.of(spec))), "does not survive being read back");
    if (!isLegacy(field)) {
      JsonNode given = at(Wire.tree(json), field);
      JsonNode shown = at(Wire.shown(spec), field);
      assertFalse(shown.isMissingNode(), field + " is not shown");
      assertTrue(covers(shown, given), field + ": given " + given + ", shown " + shown);
    }
  }

  /** True when what is shown says all that was given, and perhaps defaults beside it. */
  private static boolean covers(JsonNode shown, JsonNode given) {
    if (given.isObject()) {
      boolean all = true;
      for (var entry : given.properties()) {
        all &= covers(shown.path(entry.getKey()), entry.getValue());
      }
      return all;
    }
    if (given.isArray()) {
      boolean all = shown.size() == given.size();
      for (int i = 0; i < given.size(); i++) {
        all &= covers(shown.path(i), given.path(i));
      }
      return all;
    }
    return given.isNumber() ? shown.asDouble() == given.asDouble() : shown.equals(given);
  }

  private static boolean isLegacy(String field) {
    return field.startsWith("container.docker.network")
        || field.startsWith("container.docker.portMappings")
        || Set.of("ports", "uris", "version").contains(field)
        || field.startsWith("ipAddress");
  }

  /** With an id and something to run, if the sample has none. */
  private static String complete(String sample) {
    String json = "{" + sample.replace('\'', '"') + "}";
    ObjectNode tree = (ObjectNode) Wire.tree(json);
    if (!tree.has("id")) {
      tree.put("id", "/a/b");
    }
    if (!tree.has("cmd") && !tree.has("args") && !tree.path("container").has("docker")) {
      tree.put("cmd", "sleep 1");
    }
    return tree.toString();
  }

  private static String without(String json, String field) {
    ObjectNode tree = (ObjectNode) Wire.tree(json);
    String parent = field.contains(".") ? field.substring(0, field.lastIndexOf('.')) : "";
    String name = field.substring(field.lastIndexOf('.') + 1);
    if (field.equals("id")) {
      return tree.put("id", "/other").toString();
    } else if (field.equals("container.docker.image")) {
      ((ObjectNode) tree.path("container").path("docker")).put("image", "other");
    } else if (Set.of("container", "container.docker", "cmd", "args").contains(field)) {
      tree.remove(List.of("container", "cmd", "args"));
      tree.put("cmd", "something else");
    } else if (field.equals("container.docker.parameters[].key")) {
      ((ObjectNode) at(tree, parent)).put("key", "domainname");
    } else if (field.equals("container.docker.parameters[].value")) {
      ((ObjectNode) at(tree, parent)).put("value", "other");
    } else if (REQUIRED.containsKey(field)) {
      ((ObjectNode) at(tree, parent)).put(name, REQUIRED.get(field));
    } else if (field.startsWith("upgradeStrategy.")) {
      ((ObjectNode) at(tree, parent)).put(name, 1);
    } else {
      ((ObjectNode) at(tree, parent)).remove(name);
    }
    return tree.toString();
  }

  /** Fields that a definition cannot do without: another value instead of none. */
  private static final Map<String, String> REQUIRED =
      Map.of(
          "container.volumes[].containerPath", "/other",
          "container.volumes[].hostPath", "/other",
          "container.volumes[].mode", "RW",
          "fetch[].uri", "http://x/other",
          "healthChecks[].command.value", "false",
          "networks[].name", "other",
          "networks[].mode", "host",
          "ipAddress.networkName", "other",
          "readinessChecks[].portName", "other");

  private static JsonNode at(JsonNode tree, String field) {
    JsonNode node = tree;
    for (String name : field.isEmpty() ? new String[0] : field.split("\\.")) {
      node = node.path(name.replace("[]", ""));
      if (name.endsWith("[]")) {
        node = node.path(0);
      }
    }
    return node;
  }

  private static Map<String, String> page() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertEquals(null, rows.put(row.group(1), row.group(2)), "twice: " + row.group(1));
      }
    }
    return rows;
  }

  private static Set<String> fields() {
    Set<String> found = new TreeSet<>();
    collect(AppJson.class, "", found);
    for (var field : UnreachableJson.class.getDeclaredFields()) {
      if (!field.getName().equals("word")) {
        found.add("unreachableStrategy." + field.getName());
      }
    }
    return found;
  }

  private static void collect(Class<?> type, String prefix, Set<String> found) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + component.getName();
      found.add(path);
      Type inner = component.getGenericType();
      if (inner instanceof ParameterizedType list && list.getRawType() == List.class) {
        if (list.getActualTypeArguments()[0] instanceof Class<?> element && element.isRecord()) {
          collect(element, path + "[].", found);
        }
      } else if (component.getType().isRecord()) {
        collect(component.getType(), path + ".", found);
      }
    }
  }

  private static boolean isOpen(String field, Set<String> known) {
    return known.stream().noneMatch(other -> other.startsWith(field + "."));
  }
}
