package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.AppValidator;
import io.dromos.app.GroupSpec;
import io.dromos.app.Violation;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandProcessor;
import io.dromos.control.CommandResult;
import io.dromos.control.Commands;
import io.dromos.control.Rejection;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentStep;
import io.dromos.placement.Agent.PortRange;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client's body does to the stored tree (marathon-api reference, 1.8 and 8.7). */
class GroupChangesTest {
  private static final CommandContext GENTLE =
      new CommandContext("::1", "/v2/groups", false, false);
  private static final CommandContext FORCED = new CommandContext("::1", "/v2/groups", true, false);
  private static final AppId G = AppId.of("/g");
  private static final String TWO =
      "{'id':'/g','apps':[{'id':'a','cmd':'sleep 1'},"
          + "{'id':'b','cmd':'sleep 1','dependencies':['a']}]}";

  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
  private final Stores stores = MemoryStores.create(clock);
  private final List<ClusterEvent> told = new ArrayList<>();
  private final CommandProcessor commands =
      new CommandProcessor(
          stores,
          new EventLog(
              stores.events(),
              event -> {
                told.add(event);
                return List.of();
              }),
          new Silence(),
          clock,
          new PortRange(10000, 20000),
          () -> UUID.randomUUID().toString(),
          0);
  private final AppValidator validator = new AppValidator(Set.of("localhost"));
  private final GroupChanges changes = new GroupChanges(stores, commands, validator);
  private final AppChanges apps = new AppChanges(stores, commands, validator);

  @Test
  void aGroupIsCreatedWithItsAppsInOneDeployment() {
    CommandResult.Accepted accepted = created(TWO);
    assertEquals(Set.of("/g/a", "/g/b"), appIds());
    assertEquals(List.of(AppId.of("/g/a")), app("/g/b").dependencies());
    Deployment deployment = stores.deployments().running().get(0);
    assertEquals(accepted.deploymentId(), deployment.id());
    assertEquals(Set.of(AppId.of("/g/a"), AppId.of("/g/b")), deployment.affectedApps());
    assertEquals(
        "StartApplication /g/a, StartApplication /g/b | ScaleApplication /g/a"
            + " | ScaleApplication /g/b",
        text(deployment.steps()));
    assertEquals(
        List.of("GroupChanged"), told.stream().map(e -> e.getClass().getSimpleName()).toList());
    assertEquals(G, ((ClusterEvent.GroupChanged) told.get(0)).group());
  }

  @Test
  void aGroupIsCreatedOnceAndNeverInThePlaceOfAnApp() {
    created("{'id':'g'}");
    assertEquals(new Rejection.GroupExists(G), refused(create("{'id':'/g'}")));
    assertTrue(tree().hasGroup(G));
    apps.create(Wire.app("{\"id\":\"/x\",\"cmd\":\"sleep 1\"}"), GENTLE);
    assertEquals(new Rejection.GroupIsApp(AppId.of("/x")), refused(create("{'id':'/x'}")));
    String clash = "Groups and Applications may not have the same identifier.";
    assertEquals(
        List.of(new Violation("/", clash)),
        violations(changes.update(AppId.of("/x"), body("{}"), GENTLE)));
    assertEquals(
        List.of(new Violation("/", clash)),
        violations(changes.update(AppId.of("/x/y"), body("{}"), GENTLE)));
    Rejection app = refused(apps.create(Wire.app("{\"id\":\"/g\",\"cmd\":\"sleep 1\"}"), FORCED));
    assertEquals(new Rejection.Invalid(List.of(new Violation("/", clash))), app);
  }

  @ParameterizedTest
  @CsvSource({
    "/, g, /g",
    "/, /g/h, /g/h",
    "/g, , /g",
    "/g, h, /g/h",
    "/g, /x, /x",
    "/, , /",
    "/g, ../x, /x"
  })
  void theBodysIdIsRelativeToTheResource(String called, String id, String target) {
    GroupUpdateJson body = new GroupUpdateJson(id, null, null, null, null, null, null);
    assertEquals(AppId.of(target), GroupChanges.target(AppId.of(called), body));
  }

  @Test
  void whatIsOmittedStaysAndWhatIsGivenReplaces() {
    created(TWO);
    put("/g", "{'dependencies':['../db'],'groups':[{'id':'sub','apps':[{'id':'c','cmd':'x1'}]}]}");
    assertEquals(Set.of("/g/a", "/g/b", "/g/sub/c"), appIds());
    assertEquals(List.of(AppId.of("/db")), group("/g").dependencies());
    put("/g", "{'apps':[{'id':'/g/a','cmd':'sleep 1'}]}");
    assertEquals(Set.of("/g/a", "/g/sub/c"), appIds());
    assertEquals(List.of(AppId.of("/db")), group("/g").dependencies());
    put("/g", "{'groups':[{'id':'sub'},{'id':'new'}]}");
    assertEquals(Set.of("/g/a", "/g/sub/c"), appIds());
    assertTrue(tree().hasGroup(AppId.of("/g/new")));
    put("/g", "{'apps':[],'groups':[],'dependencies':[]}");
    assertEquals(Set.of(), appIds());
    assertEquals(Set.of(AppId.ROOT, G), tree().groups().keySet());
    assertEquals(List.of(), group("/g").dependencies());
  }

  @Test
  void anAppThatIsGivenAgainUnchangedIsLeftAlone() {
    created(TWO);
    AppSpec before = app("/g/a");
    CommandResult.Accepted accepted =
        put("/g", TWO.replace("'b','cmd':'sleep 1'", "'b','cmd':'sleep 2'"));
    assertEquals(before, app("/g/a"));
    assertEquals(
        Set.of(AppId.of("/g/b")),
        stores.deployments().running().stream()
            .filter(d -> d.id().equals(accepted.deploymentId()))
            .findFirst()
            .orElseThrow()
            .affectedApps());
  }

  @Test
  void aDryRunTellsTheStepsAndChangesNothing() {
    created(TWO);
    AppTree before = tree();
    Commands.Forecast forecast =
        changes.forecast(G, body("{'apps':[{'id':'a','cmd':'sleep 2'},{'id':'c','cmd':'x1'}]}"));
    assertEquals(
        "StopApplication /g/b | StartApplication /g/c"
            + " | RestartApplication /g/a, ScaleApplication /g/c",
        text(assertInstanceOf(Commands.Forecast.Steps.class, forecast).steps()));
    assertEquals(before, tree());
    assertEquals(1, stores.deployments().running().size());
  }

  @Test
  void dependenciesOfAGroupAreRelativeToItAndOrderItsApps() {
    put(
        "/prod",
        "{'groups':[{'id':'web','dependencies':['../db'],'apps':[{'id':'x','cmd':'x1',"
            + "'dependencies':['../db']}]},{'id':'db','apps':[{'id':'pg','cmd':'x1'}]}]}");
    assertEquals(List.of(AppId.of("/prod/db")), group("/prod/web").dependencies());
    assertEquals(List.of(AppId.of("/prod/db")), app("/prod/web/x").dependencies());
    assertEquals(
        "StartApplication /prod/db/pg, StartApplication /prod/web/x"
            + " | ScaleApplication /prod/db/pg | ScaleApplication /prod/web/x",
        text(stores.deployments().running().get(0).steps()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'apps':[{'id':'a','cmd':'x1','dependencies':['b']},{'id':'b','cmd':'x1',"
            + "'dependencies':['a']}]}; /",
        "{'dependencies':['a'],'apps':[{'id':'a','cmd':'x1'}]}; /",
      })
  void circlesAreRefused(String json, String path) {
    assertEquals(
        List.of(new Violation(path, "Dependency graph has cyclic dependencies.")),
        violations(changes.update(G, body(json), GENTLE)));
    assertFalse(tree().hasGroup(G));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'apps':[{'id':'/other','cmd':'x1'}]}; /apps(0)/id; Identifier is not child of '/g'",
        "{'apps':[{'id':'a/b','cmd':'x1'}]}; /apps(0)/id; Identifier is not child of '/g'",
        "{'groups':[{'id':'h'},{'id':'/x'}]}; /groups(1)/id; Identifier is not child of '/g'",
        "{'groups':[{'id':'h','apps':[{'id':'a','cmd':'x1'},{'id':'b'}]}]}; /groups(0)/apps(1);"
            + " AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
        "{'groups':[{'id':'h'},{'id':'/g/h/'}]}; /groups(1)/id; '/g/h' is given more than once",
        "{'scaleBy':2,'apps':[]}; /scaleBy; not allowed in conjunction with other properties.",
        "{'version':'2020-01-01T00:00:00.000Z','scaleBy':2}; /scaleBy;"
            + " not allowed in conjunction with other properties.",
        "{'groups':[{'id':'h','enforceRole':true}]}; /groups(0)/enforceRole;"
            + " enforceRole is for top-level groups",
      })
  void whatIsWrongIsNamedByItsPath(String json, String path, String words) {
    List<Violation> found = violations(changes.update(G, body(json), GENTLE));
    assertEquals(new Violation(path, words), found.get(0));
    assertTrue(stores.apps().all().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'apps':[{'cmd':'x1'}]}; /apps(0)/id; error.path.missing",
        "{'groups':[{'id':'h','apps':[{'id':'a','instances':-1}]}]};"
            + " /groups(0)/apps(0)/instances; error.min",
        "{'groups':[{'apps':[]}]}; /groups(0)/id; error.path.missing",
        "{'scaleBy':-1}; /scaleBy; error.min",
      })
  void aBrokenSchemaIsNamedByItsPath(String json, String path, String words) {
    BodyException broken =
        assertThrows(BodyException.class, () -> changes.update(G, body(json), GENTLE));
    assertEquals("Invalid JSON", broken.body().message());
    assertTrue(String.valueOf(broken.body()).contains(path), String.valueOf(broken.body()));
    assertTrue(String.valueOf(broken.body()).contains(words), String.valueOf(broken.body()));
  }

  @Test
  void scalingMultipliesEveryAppBelowAndRoundsUp() {
    created(
        "{'id':'/g','apps':[{'id':'a','cmd':'x1','instances':3}],"
            + "'groups':[{'id':'h','apps':[{'id':'b','cmd':'x1'}]}]}");
    put("/g", "{'scaleBy':1.5}");
    assertEquals(5, app("/g/a").instances());
    assertEquals(2, app("/g/h/b").instances());
    put("/g", "{'id':'/g','scaleBy':0}");
    assertEquals(0, app("/g/a").instances());
    assertEquals(
        new Rejection.GroupNotFound(AppId.of("/no")),
        refused(changes.update(AppId.of("/no"), body("{'scaleBy':2}"), GENTLE)));
  }

  @Test
  void aGroupReturnsToAVersionAndTheRestStays() {
    Instant first = created(TWO).version();
    AppSpec a = app("/g/a");
    put("/g", "{'apps':[{'id':'a','cmd':'sleep 2'}],'groups':[{'id':'h'}],'dependencies':['/db']}");
    put("/other", "{'apps':[{'id':'c','cmd':'x1'}]}");
    Instant deleted = accepted(changes.delete(G, FORCED)).version();
    assertEquals(Set.of("/other/c"), appIds());
    String json = "{'version':'" + first + "'}";
    put("/g", json);
    assertEquals(Set.of("/g/a", "/g/b", "/other/c"), appIds());
    assertTrue(a.sameConfig(app("/g/a")));
    assertTrue(app("/g/a").version().isAfter(deleted));
    assertEquals(List.of(), group("/g").dependencies());
    assertFalse(tree().hasGroup(AppId.of("/g/h")));
    assertEquals(
        new Rejection.GroupNotFound(G),
        refused(changes.update(G, body("{'version':'" + deleted + "'}"), FORCED)));
    assertEquals(
        new Rejection.GroupNotFound(G),
        refused(changes.update(G, body("{'version':'2000-01-01T00:00:00Z'}"), FORCED)));
    put("/", json);
    assertEquals(Set.of("/g/a", "/g/b"), appIds());
    assertFalse(tree().hasGroup(AppId.of("/other")));
  }

  @Test
  void aCancelledDeploymentPutsItsGroupsBackToo() {
    put("/keep", "{'dependencies':['/db']}");
    AppTree before = tree();
    String made =
        put(
                "/",
                "{'groups':[{'id':'g','groups':[{'id':'h','apps':[{'id':'a','cmd':'x1'}]},"
                    + "{'id':'used','apps':[{'id':'b','cmd':'x1'}]}]}]}")
            .deploymentId();
    assertFalse(tree().hasGroup(AppId.of("/keep")));
    apps.create(Wire.app("{\"id\":\"/g/used/since\",\"cmd\":\"x1\"}"), GENTLE);
    accepted(commands.rollBack(made, GENTLE));
    assertEquals(Set.of("/g/used/since"), appIds());
    assertEquals(
        Set.of(AppId.ROOT, AppId.of("/keep"), G, AppId.of("/g/used")), tree().groups().keySet());
    assertEquals(before.group(AppId.of("/keep")), tree().group(AppId.of("/keep")));
  }

  @Test
  void deletingTakesEverythingBelowAlong() {
    created(TWO);
    put("/g/h/i", "{'apps':[{'id':'c','cmd':'x1'}]}");
    put("/other", "{}");
    assertInstanceOf(Rejection.Locked.class, refused(changes.delete(G, GENTLE)));
    assertTrue(
        told.get(told.size() - 1) instanceof ClusterEvent.GroupChangeFailed failed
            && failed.group().equals(G));
    accepted(changes.delete(G, FORCED));
    assertEquals(Set.of(), appIds());
    assertEquals(Set.of(AppId.ROOT, AppId.of("/other")), tree().groups().keySet());
    assertEquals(new Rejection.GroupNotFound(G), refused(changes.delete(G, FORCED)));
    accepted(changes.delete(AppId.ROOT, FORCED));
    assertEquals(Set.of(AppId.ROOT), tree().groups().keySet());
  }

  @Test
  void aTopLevelGroupDemandsItsRoleOfNewAppsAlone() {
    created("{'id':'/g','apps':[{'id':'old','cmd':'x1'}]}");
    accepted(changes.enforceRole(G, true, GENTLE));
    assertTrue(group("/g").enforceRole());
    assertEquals("*", app("/g/old").role());
    apps.create(Wire.app("{\"id\":\"/g/h/new\",\"cmd\":\"x1\"}"), GENTLE);
    assertEquals("g", app("/g/h/new").role());
    Rejection refused =
        refused(apps.create(Wire.app("{\"id\":\"/g/x\",\"cmd\":\"x1\",\"role\":\"*\"}"), GENTLE));
    assertEquals("/role", ((Rejection.Invalid) refused).violations().get(0).path());
    put("/g", "{'apps':[{'id':'old','cmd':'x1','instances':2},{'id':'other','cmd':'x1'}]}");
    assertEquals("*", app("/g/old").role());
    assertEquals("g", app("/g/other").role());
    assertEquals(
        List.of(new Violation("/", "Path needs to be top-level")),
        violations(changes.enforceRole(AppId.of("/g/h"), true, GENTLE)));
    assertEquals(
        new Rejection.GroupNotFound(AppId.of("/no")),
        refused(changes.enforceRole(AppId.of("/no"), true, GENTLE)));
  }

  private static GroupUpdateJson body(String json) {
    return Json.read(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), GroupUpdateJson.class);
  }

  private CommandResult create(String json) {
    GroupUpdateJson body = body(json);
    return changes.create(GroupChanges.target(AppId.ROOT, body), body, GENTLE);
  }

  private CommandResult.Accepted created(String json) {
    return accepted(create(json));
  }

  private CommandResult.Accepted put(String path, String json) {
    return accepted(changes.update(AppId.of(path), body(json), FORCED));
  }

  private List<Violation> violations(CommandResult result) {
    return assertInstanceOf(Rejection.Invalid.class, refused(result)).violations();
  }

  private static CommandResult.Accepted accepted(CommandResult result) {
    return assertInstanceOf(CommandResult.Accepted.class, result, String.valueOf(result));
  }

  private static Rejection refused(CommandResult result) {
    return assertInstanceOf(CommandResult.Refused.class, result, String.valueOf(result))
        .rejection();
  }

  private AppTree tree() {
    return stores.apps().tree();
  }

  private Set<String> appIds() {
    return tree().apps().keySet().stream().map(AppId::path).collect(Collectors.toSet());
  }

  private AppSpec app(String id) {
    return tree().app(AppId.of(id)).orElseThrow();
  }

  private GroupSpec group(String id) {
    return tree().group(AppId.of(id)).orElseThrow();
  }

  private static String text(List<DeploymentStep> steps) {
    return steps.stream()
        .map(
            step ->
                step.actions().stream()
                    .map(action -> action.kind() + " " + action.app())
                    .collect(Collectors.joining(", ")))
        .collect(Collectors.joining(" | "));
  }

  private static final class Silence implements ChangeFeed {
    @Override
    public void announce(Set<Topic> topics) {}

    @Override
    public void subscribe(Consumer<Set<Topic>> listener) {}
  }
}
