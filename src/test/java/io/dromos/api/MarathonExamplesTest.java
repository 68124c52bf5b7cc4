package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The examples of Marathon's own API description: each request is accepted, or refused with a path
 * and a reason for each thing that cannot be done; each answer's fields are fields of ours.
 */
class MarathonExamplesTest {

  @TestFactory
  Stream<DynamicTest> definitionsAreAccepted() throws IOException {
    List<JsonNode> apps = new ArrayList<>();
    example("apps_create").forEach(apps::add);
    example("app_list").path("apps").forEach(apps::add);
    appsBelow(example("group"), apps);
    example("queue").path("queue").forEach(entry -> apps.add(entry.path("app")));
    assertEquals(8, apps.stream().filter(app -> app.has("id")).count());
    return apps.stream()
        .filter(app -> app.has("id"))
        .map(
            app ->
                DynamicTest.dynamicTest(
                    app.path("id").asText(),
                    () -> assertEquals(List.of(), Wire.violations(app.toString()))));
  }

  private static void appsBelow(JsonNode group, List<JsonNode> apps) {
    group.path("apps").forEach(apps::add);
    group.path("groups").forEach(below -> appsBelow(below, apps));
  }

  @Test
  void partsAreAcceptedOverWhatIsStored() throws IOException {
    AppSpec stored = Wire.spec("{\"id\":\"/foo\",\"cmd\":\"sleep 1\"}");
    assertEquals(2, Wire.updated(stored, example("app_patch").toString()).instances());
    assertEquals(
        0.3, Wire.updated(stored, example("apps_patch").path(0).toString()).resources().cpus());
  }

  @Test
  void aMesosCheckIsRefusedByName() throws IOException {
    assertEquals(
        List.of(new Violation("/check", "checks are not supported; use healthChecks")),
        Wire.violations(example("app-check-http-example").toString()));
  }

  /** Every field at once, in forms that exclude each other. */
  @Test
  void theExampleOfEveryFieldIsRefusedWithAReasonForEach() throws IOException {
    assertEquals(
        List.of(
            new Violation("/", "cannot specify both an IP address and port"),
            new Violation(
                "/ipAddress", "ipAddress/discovery is not allowed for Docker containers")),
        Wire.violations(example("app").toString()));
  }

  @Test
  void aTaskHasTheFieldsOfTheExamples() throws IOException {
    Set<String> ours = components(TaskJson.class);
    // A fault domain is shown where an agent has one; ours have attributes instead.
    Set<String> optional = Set.of("region", "zone");
    for (String file : List.of("app_task", "tasks")) {
      JsonNode body = example(file);
      JsonNode task = body.has("task") ? body.path("task") : body.path("tasks").path(0);
      Set<String> missing = names(task);
      missing.removeAll(ours);
      missing.removeAll(optional);
      assertEquals(Set.of(), missing, file);
    }
  }

  @Test
  void aDeploymentHasTheFieldsOfTheExample() throws IOException {
    Set<String> missing = names(example("deployments").path(0));
    missing.removeAll(components(DeploymentJson.class));
    assertEquals(Set.of(), missing);
  }

  private static Set<String> components(Class<?> record) {
    return Stream.of(record.getRecordComponents())
        .map(component -> component.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode example(String name) throws IOException {
    String path = "/marathon-examples/" + name + ".json";
    try (InputStream in = MarathonExamplesTest.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no " + path);
      }
      return Wire.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
