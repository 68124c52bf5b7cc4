package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Apps, versions, groups. */
public interface AppStoreContract {
  Stores stores();

  private AppStore apps() {
    return stores().apps();
  }

  @Test
  default void whatWasSavedComesBackUnchanged() {
    AppSpec spec = Samples.app("/shop/web", Samples.T0);
    apps().save(spec);
    assertEquals(Optional.of(spec), apps().find(spec.id()));
    assertEquals(List.of(spec), apps().all());
    assertEquals(Optional.of(spec), apps().version(spec.id(), spec.version()));
    assertEquals(Optional.empty(), apps().find(AppId.of("/shop")));
    assertEquals(Optional.empty(), apps().version(spec.id(), Samples.T0.plusMillis(1)));
  }

  @Test
  default void theNewestVersionIsCurrentAndOlderOnesStay() {
    AppSpec old = Samples.app("/a", Samples.T0);
    AppSpec current = Samples.app("/a", Samples.T0.plusMillis(1));
    apps().save(old);
    apps().save(current);
    assertEquals(List.of(current), apps().all());
    assertEquals(List.of(current.version(), old.version()), apps().versions(old.id()));
    assertEquals(Optional.of(old), apps().version(old.id(), old.version()));
  }

  @Test
  default void historyIsBoundedButWhatATaskRunsIsKept() {
    AppSpec first = Samples.app("/a", Samples.T0);
    apps().save(first);
    stores().tasks().launch(List.of(Samples.goal(Samples.taskId("/a"), first, "n1")));
    for (int i = 1; i <= AppStore.MAX_VERSIONS + 5; i++) {
      apps().save(Samples.app("/a", Samples.T0.plusSeconds(i)));
    }
    List<Instant> versions = apps().versions(first.id());
    assertTrue(versions.size() <= AppStore.MAX_VERSIONS + 1, "kept " + versions.size());
    assertEquals(Samples.T0.plusSeconds(AppStore.MAX_VERSIONS + 5), versions.get(0));
    assertEquals(Optional.of(first), apps().version(first.id(), first.version()));
    assertTrue(apps().version(first.id(), Samples.T0.plusSeconds(1)).isEmpty());
    assertTrue(apps().allVersions().contains(first));
  }

  @Test
  default void aRemovedAppLeavesTheTreeAtOnceAndItsDefinitionsWithTheLastTask() {
    AppSpec spec = Samples.app("/a", Samples.T0);
    apps().save(spec);
    var goal = Samples.goal(Samples.taskId("/a"), spec, "n1");
    stores().tasks().launch(List.of(goal));
    apps().remove(spec.id());
    assertTrue(apps().find(spec.id()).isEmpty());
    assertTrue(apps().all().isEmpty());
    assertTrue(apps().versions(spec.id()).isEmpty());
    assertEquals(Optional.of(spec), apps().version(spec.id(), spec.version()));
    assertTrue(apps().allVersions().contains(spec));
    assertEquals(Optional.of(spec), stores().world().load().specOf(stores().tasks().all().get(0)));

    stores().tasks().expunge(List.of(goal.id()));
    apps().forget(spec.id());
    assertTrue(apps().version(spec.id(), spec.version()).isEmpty());
  }

  @Test
  default void forgettingSparesAnAppThatIsInTheTree() {
    AppSpec spec = Samples.app("/a", Samples.T0);
    apps().save(spec);
    apps().forget(spec.id());
    assertEquals(Optional.of(spec), apps().find(spec.id()));
  }

  @Test
  default void savingCreatesTheGroupsAboveAndRemovingKeepsThem() {
    assertEquals(Set.of(AppId.ROOT), apps().groups());
    AppSpec spec = Samples.app("/x/y/z", Samples.T0);
    apps().save(spec);
    Set<AppId> groups = Set.of(AppId.ROOT, AppId.of("/x"), AppId.of("/x/y"));
    assertEquals(groups, apps().groups());
    apps().remove(spec.id());
    assertEquals(groups, apps().groups());
    assertFalse(apps().groups().contains(spec.id()));
  }

  @Test
  default void theRootVersionStartsAtTheEpochAndIsKept() {
    assertEquals(Instant.EPOCH, apps().rootVersion());
    stores()
        .transactions()
        .run(
            () -> {
              assertEquals(Instant.EPOCH, apps().lockRoot());
              apps().setRootVersion(Samples.T0, List.of());
            });
    assertEquals(Samples.T0, apps().rootVersion());
    assertEquals(Samples.T0, stores().transactions().inTransaction(() -> apps().lockRoot()));
  }
}
