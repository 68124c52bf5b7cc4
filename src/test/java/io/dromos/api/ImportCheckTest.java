package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is said about definitions from elsewhere. */
class ImportCheckTest {
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (kept|ignored) \\|.*");

  @Test
  void everythingThatIsNotHonouredIsNamedByItsPath() {
    List<ImportCheck.Verdict> verdicts =
        check(
            """
            {"id":"/web","cmd":"serve","cpus":0.5,"instances":2,"gpus":0,"storeUrls":["http://x"],
             "role":"*","ipAddress":null,"secrets":{},"uris":[],
             "networks":[{"mode":"container/bridge","labels":{"a":"b"}}],
             "container":{"type":"MESOS","docker":{"image":"nginx"},
               "portMappings":[{"containerPort":80,"foo":1}]},
             "requirePorts":true,
             "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"a.example.org",
               "HAPROXY_0_USERLIST_HEAD":"userlist x","HAPROXY_7_VHOST":"b.example.org","team":"x",
               "DCOS_SERVICE_NAME":"web"}}""");
    assertEquals(
        """
        new /web
        differs /container/type
        ignored /container/portMappings(0)/foo
        ignored /labels/DCOS_SERVICE_NAME
        ignored /labels/HAPROXY_0_USERLIST_HEAD
        ignored /labels/HAPROXY_7_VHOST
        ignored /storeUrls
        kept /networks(0)/labels
        differs /requirePorts
        """
            .lines()
            .sorted()
            .toList(),
        told(verdicts));
  }

  @Test
  void whatIsRefusedIsRefusedWithEveryReason() {
    List<ImportCheck.Verdict> verdicts =
        check(
            """
            [{"id":"/big","cmd":"x y","secrets":{"s":{"source":"/v"}},"residency":{"taskLostBehavior":"x"}},
             {"id":"/typed","cmd":"x y","cpus":"much"},{"id":"/fine","cmd":"x y"}]""");
    assertEquals("refused", verdicts.get(0).state());
    assertEquals(null, verdicts.get(0).definition());
    assertEquals(
        List.of("refused /big", "refused /residency", "refused /secrets"),
        told(verdicts.subList(0, 1)));
    assertEquals(List.of("refused /cpus", "refused /typed"), told(verdicts.subList(1, 2)));
    assertEquals(List.of("new /fine"), told(verdicts.subList(2, 3)));
  }

  @Test
  void aMarathonsTreeBecomesAppsWithAbsoluteIdsAndDependencies() {
    ImportSource source =
        ImportSource.of(
            Wire.tree(
                """
                {"id":"/","groups":[{"id":"/shop","dependencies":["/db"],
                   "apps":[{"id":"/shop/web","cmd":"x y","dependencies":["cache"],
                            "version":"2024-01-01T12:00:00.000Z","tasksRunning":1,"tasks":[],
                            "deployments":[],"versionInfo":{"lastScalingAt":"x"}}],
                   "pods":[{"id":"/shop/pod"}]}],
                 "apps":[{"id":"db","cmd":"x y","fetch":[{"uri":"http://x/a"}],
                          "uris":["http://x/a"],"ports":[10001],
                          "portDefinitions":[{"port":10001}]}]}"""));
    assertEquals(List.of("/shop/pod"), source.pods());
    assertEquals(
        List.of(
            Wire.tree(
                "{'id':'/db','cmd':'x y','fetch':[{'uri':'http://x/a'}],'portDefinitions':[{'port':10001}]}"
                    .replace('\'', '"')),
            Wire.tree(
                "{'id':'/shop/web','cmd':'x y','dependencies':['/shop/cache','/db']}"
                    .replace('\'', '"'))),
        source.apps().stream().map(ImportSource.Item::json).toList());
    ImportCheck.Verdict web =
        new ImportCheck(new AppValidator(Set.of()), Map.of()).check(source.apps().get(1));
    assertEquals(
        List.of(
            new ImportCheck.Finding(
                "/dependencies", "differs", "taken over from a group around it: /db")),
        web.findings());
  }

  @Test
  void whatIsThereAndTheSameIsLeftAlone() {
    AppSpec stored =
        Wire.spec("{\"id\":\"/a\",\"cmd\":\"x y\",\"portDefinitions\":[{\"port\":0}]}");
    AppSpec assigned = stored.withPorts(List.of(stored.ports().get(0).withServicePort(10003)));
    Map<AppId, AppSpec> existing = Map.of(stored.id(), assigned);
    String same = "{\"id\":\"/a\",\"cmd\":\"x y\",\"portDefinitions\":[{\"port\":0}]}";
    assertEquals("unchanged", check(same, existing).get(0).state());
    assertEquals("changed", check(same.replace("x y", "x z"), existing).get(0).state());
    assertEquals(
        "unchanged",
        check(Wire.shown(assigned).toString(), existing).get(0).state(),
        "what was read from here");
  }

  @Test
  void whatIsNoDefinitionIsRefusedAsAWhole() {
    for (String text :
        List.of(
            "7",
            "[\"a\"]",
            "{}",
            "{\"apps\":[{}]}",
            "[{\"id\":\"/a\"},{\"id\":\"a\"}]",
            "[".repeat(60) + "]".repeat(60),
            "{\"groups\":[".repeat(60) + "{}" + "]}".repeat(60))) {
      BodyException refused =
          assertThrows(BodyException.class, () -> ImportSource.of(Wire.tree(text)), text);
      assertEquals(422, refused.status());
    }
  }

  @Test
  void theFieldsWithoutEffectAreThoseOfThePage() throws IOException {
    Set<String> page = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("src/site/markdown/app-definition.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        page.add(row.group(2) + " " + row.group(1));
      }
    }
    Set<String> code = new TreeSet<>();
    FieldNotes.KEPT.keySet().forEach(field -> code.add("kept " + field));
    FieldNotes.IGNORED.keySet().forEach(field -> code.add("ignored " + field));
    assertEquals(page, code);
    assertTrue(code.size() > 5);
  }

  private static List<ImportCheck.Verdict> check(String json) {
    return check(json, Map.of());
  }

  private static List<ImportCheck.Verdict> check(String json, Map<AppId, AppSpec> existing) {
    ImportCheck check = new ImportCheck(new AppValidator(Set.of("localhost")), existing);
    return ImportSource.of(Wire.tree(json)).apps().stream().map(check::check).toList();
  }

  private static List<String> told(List<ImportCheck.Verdict> verdicts) {
    Set<String> told = new TreeSet<>();
    for (ImportCheck.Verdict verdict : verdicts) {
      told.add(verdict.state() + " " + verdict.id());
      verdict.findings().forEach(f -> told.add(f.what() + " " + f.path()));
    }
    return List.copyOf(told);
  }
}
