package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.api.AppChanges.Mode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppValidator;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandProcessor;
import io.dromos.control.CommandResult;
import io.dromos.control.Rejection;
import io.dromos.placement.Agent.PortRange;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a client's body does to the stored apps (marathon-api reference, 8.2 and 8.5). */
class AppChangesTest {
  private static final CommandContext FORCED = new CommandContext("::1", "/v2/apps", true, true);
  private static final CommandContext GENTLE = new CommandContext("::1", "/v2/apps", false, true);
  private static final AppId SISE = AppId.of("/sise");

  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
  private final Stores stores = MemoryStores.create(clock);
  private final AppChanges changes =
      new AppChanges(
          stores,
          new CommandProcessor(
              stores,
              new EventLog(stores.events(), event -> List.of()),
              new Silence(),
              clock,
              new PortRange(10000, 20000),
              () -> UUID.randomUUID().toString(),
              0),
          new AppValidator(Set.of("localhost")));

  @Test
  void theLabsAppGetsAServicePort() {
    CommandResult.Accepted accepted = created(Wire.file("lab-request.json"));
    assertEquals(10000, accepted.apps().get(0).ports().get(0).servicePort());
    AppSpec stored = stored(SISE);
    assertEquals(accepted.apps().get(0), stored);
    assertEquals(accepted.version(), stored.version());
    assertEquals("/sise:80", stored.ports().get(0).labels().get("VIP_0"));
  }

  @Test
  void anIdIsTakenOnce() {
    created("{\"id\":\"sise\",\"cmd\":\"sleep 1\"}");
    assertEquals(
        new Rejection.AppExists(SISE),
        refused(changes.create(Wire.app("{\"id\":\"/sise\",\"cmd\":\"sleep 2\"}"), FORCED)));
  }

  @Test
  void anInvalidDefinitionIsNotStored() {
    Rejection rejection =
        refused(
            changes.create(
                Wire.app(
                    "{\"id\":\"/UP\",\"cmd\":\"x1\",\"portDefinitions\":[{\"labels\":{\"VIP_0\":\"no\"}}]}"),
                FORCED));
    List<String> paths =
        ((Rejection.Invalid) rejection).violations().stream().map(v -> v.path()).toList();
    assertEquals(List.of("/id", "/portDefinitions(0)/labels/VIP_0"), paths);
    assertEquals(List.of(), stores.apps().all());
  }

  @Test
  void aBrokenSchemaIsTheReadersError() {
    BodyException broken =
        assertThrows(
            BodyException.class,
            () -> changes.create(Wire.app("{\"id\":\"/x\",\"instances\":-1}"), FORCED));
    assertEquals(422, broken.status());
    assertEquals("Invalid JSON", broken.body().message());
    assertThrows(
        BodyException.class, () -> changes.create(Wire.app("{\"cmd\":\"sleep 1\"}"), FORCED));
  }

  @Test
  void aPartialUpdateCreatesWhatIsMissingAndAPatchDoesNot() {
    AppChanges.Outcome put =
        changes.update(SISE, Wire.app("{\"id\":\"/other\",\"cmd\":\"x1\"}"), Mode.PARTIAL, FORCED);
    assertEquals(Set.of(SISE), put.created());
    assertEquals("x1", stored(SISE).cmd());
    AppChanges.Outcome again =
        changes.update(SISE, Wire.app("{\"instances\":2}"), Mode.PARTIAL, FORCED);
    assertEquals(Set.of(), again.created());
    assertEquals(2, stored(SISE).instances());
    assertEquals(
        new Rejection.AppNotFound(AppId.of("/nope")),
        refused(
            changes
                .update(AppId.of("/nope"), Wire.app("{\"cmd\":\"x1\"}"), Mode.PATCH, FORCED)
                .result()));
  }

  @Test
  void scalingKeepsTheConfigurationsAge() {
    created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\"}");
    AppSpec before = stored(SISE);
    changes.update(SISE, Wire.app("{\"instances\":3}"), Mode.PARTIAL, FORCED);
    AppSpec after = stored(SISE);
    assertTrue(after.version().isAfter(before.version()));
    assertEquals(after.version(), after.lastScalingAt());
    assertEquals(before.lastConfigChangeAt(), after.lastConfigChangeAt());
    assertEquals(before.ports(), after.ports());
  }

  @Test
  void aReplacementForgetsWhatItDoesNotName() {
    created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\",\"labels\":{\"a\":\"b\"},\"instances\":3}");
    changes.update(SISE, Wire.app("{\"cmd\":\"sleep 1\"}"), Mode.REPLACE, FORCED);
    assertEquals(java.util.Map.of(), stored(SISE).labels());
    assertEquals(1, stored(SISE).instances());
  }

  @Test
  void aVersionAloneRollsBack() {
    Instant first = created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\"}").version();
    changes.update(SISE, Wire.app("{\"cmd\":\"sleep 2\"}"), Mode.PARTIAL, FORCED);
    String rollback = "{\"version\":\"" + Json.time(first) + "\"}";
    changes.update(SISE, Wire.app(rollback), Mode.PARTIAL, FORCED);
    assertEquals("sleep 1", stored(SISE).cmd());
    assertTrue(stored(SISE).version().isAfter(first));
    assertEquals(
        new Rejection.VersionNotFound(SISE, Instant.EPOCH),
        refused(
            changes
                .update(
                    SISE, Wire.app("{\"version\":\"1970-01-01T00:00:00Z\"}"), Mode.PARTIAL, FORCED)
                .result()));
    assertThrows(
        BodyException.class,
        () -> changes.update(SISE, Wire.app("{\"version\":\"x\"}"), Mode.PARTIAL, FORCED));
  }

  @Test
  void aRunningDeploymentHoldsItsApp() {
    String first = created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\"}").deploymentId();
    Rejection rejection =
        refused(changes.update(SISE, Wire.app("{\"instances\":2}"), Mode.PARTIAL, GENTLE).result());
    assertEquals(List.of(first), ((Rejection.Locked) rejection).deployments());
    assertEquals(409, Responses.status(rejection));
    assertEquals(
        "{\"message\":\"App is locked by one or more deployments. Override with the option"
            + " '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'. Deployment "
            + first
            + " by ::1 (/v2/apps) is at step 0 of 2 since 2023-11-14T22:13:20Z (0 s): the leader"
            + " takes it up at its next turn.\","
            + "\"deployments\":[{\"id\":\""
            + first
            + "\"}]}",
        Json.write(Responses.body(rejection)));
  }

  @Test
  void aListIsOneDeploymentOrNothing() {
    created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\"}");
    List<AppJson> both =
        List.of(
            Wire.app("{\"id\":\"/sise\",\"instances\":2}"),
            Wire.app("{\"id\":\"/new\",\"cmd\":\"sleep 1\"}"));
    CommandResult.Accepted accepted =
        (CommandResult.Accepted) changes.updateAll(both, Mode.PARTIAL, FORCED);
    assertEquals(2, accepted.apps().size());
    List<AppJson> oneBad =
        List.of(Wire.app("{\"id\":\"/sise\",\"instances\":5}"), Wire.app("{\"id\":\"/bad\"}"));
    Rejection.Invalid invalid =
        (Rejection.Invalid) refused(changes.updateAll(oneBad, Mode.PARTIAL, FORCED));
    assertEquals("(1)/", invalid.violations().get(0).path());
    assertEquals(2, stored(SISE).instances());
  }

  @Test
  void deleteAndRestartNeedTheApp() {
    assertEquals(new Rejection.AppNotFound(SISE), refused(changes.delete(SISE, FORCED)));
    assertEquals(new Rejection.AppNotFound(SISE), refused(changes.restart(SISE, FORCED)));
    Instant first = created("{\"id\":\"/sise\",\"cmd\":\"sleep 1\"}").version();
    assertTrue(changes.restart(SISE, FORCED) instanceof CommandResult.Accepted);
    assertTrue(stored(SISE).lastConfigChangeAt().isAfter(first));
    assertTrue(changes.delete(SISE, FORCED) instanceof CommandResult.Accepted);
    assertTrue(stores.apps().find(SISE).isEmpty());
  }

  private CommandResult.Accepted created(String json) {
    CommandResult result = changes.create(Wire.app(json), FORCED);
    assertTrue(result instanceof CommandResult.Accepted, String.valueOf(result));
    return (CommandResult.Accepted) result;
  }

  private AppSpec stored(AppId id) {
    return stores.apps().find(id).orElseThrow();
  }

  private static Rejection refused(CommandResult result) {
    assertTrue(result instanceof CommandResult.Refused, String.valueOf(result));
    return ((CommandResult.Refused) result).rejection();
  }

  private static final class Silence implements ChangeFeed {
    @Override
    public void announce(Set<Topic> topics) {}

    @Override
    public void subscribe(Consumer<Set<Topic>> listener) {}
  }
}
