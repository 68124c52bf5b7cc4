package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.GroupSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tree of groups and apps, and what it was. */
public interface TreeStoreContract {
  AppId G = AppId.of("/shop");
  AppId DEEP = AppId.of("/shop/eu/de");

  Stores stores();

  private AppStore apps() {
    return stores().apps();
  }

  private static GroupSpec withDependencies(AppId id, String... paths) {
    return GroupSpec.plain(id)
        .withDependencies(List.of(paths).stream().map(AppId::of).toList())
        .withEnforceRole(true);
  }

  private static Instant at(int second) {
    return Samples.T0.plusSeconds(second);
  }

  @Test
  default void anEmptyTreeHasItsRoot() {
    AppTree tree = apps().tree();
    assertEquals(AppTree.of(Instant.EPOCH, List.of(), List.of()), tree);
    assertTrue(tree.hasGroup(AppId.ROOT));
    assertEquals(List.of(Instant.EPOCH), apps().groupVersions(AppId.ROOT));
    assertEquals(Optional.of(tree), apps().treeAt(Instant.EPOCH));
    assertEquals(Optional.empty(), apps().treeAt(at(0)));
  }

  @Test
  default void aGroupIsKeptWithWhatItDependsOnAndWithTheGroupsAbove() {
    GroupSpec group = withDependencies(DEEP, "/db", "/shop/cache");
    apps().saveGroup(group);
    assertEquals(
        Set.of(AppId.ROOT, G, AppId.of("/shop/eu"), DEEP), apps().tree().groups().keySet());
    assertEquals(Optional.of(group), apps().tree().group(DEEP));
    assertEquals(Optional.of(GroupSpec.plain(G)), apps().tree().group(G));
    GroupSpec changed = group.withDependencies(List.of());
    apps().saveGroup(changed);
    assertEquals(Optional.of(changed), apps().tree().group(DEEP));
  }

  @Test
  default void anAppBelowLeavesTheGroupAsItWas() {
    GroupSpec group = withDependencies(G, "/db");
    apps().saveGroup(group);
    AppSpec app = Samples.app("/shop/web", Samples.T0);
    apps().save(app);
    assertEquals(Optional.of(group), apps().tree().group(G));
    assertEquals(List.of(app), apps().tree().appsBelow(G));
  }

  @Test
  default void aRemovedGroupIsGoneAndThoseAboveStay() {
    apps().saveGroup(GroupSpec.plain(DEEP));
    apps().removeGroup(DEEP);
    assertFalse(apps().groups().contains(DEEP));
    assertTrue(apps().groups().contains(AppId.of("/shop/eu")));
    assertFalse(apps().tree().hasGroup(DEEP));
  }

  @Test
  default void everyNamedTreeComesBackAsItWas() {
    AppSpec first = Samples.app("/shop/web", at(1));
    name(at(1), () -> apps().save(first), first.id());
    AppTree one = apps().tree();
    GroupSpec waiting = withDependencies(G, "/db");
    name(at(2), () -> apps().saveGroup(waiting), G);
    AppTree two = apps().tree();
    AppSpec second = Samples.app("/shop/web", at(3));
    AppSpec other = Samples.app("/x/y", at(3));
    name(
        at(3),
        () -> {
          apps().save(second);
          apps().save(other);
        },
        second.id(),
        other.id());
    AppTree three = apps().tree();
    name(
        at(4),
        () -> {
          apps().remove(second.id());
          apps().removeGroup(G);
        },
        second.id(),
        G);
    AppTree four = apps().tree();
    assertEquals(at(4), four.version());
    assertEquals(List.of(other), List.copyOf(four.apps().values()));
    for (AppTree tree : List.of(one, two, three, four)) {
      assertEquals(Optional.of(tree), apps().treeAt(tree.version()));
    }
    assertEquals(first, one.apps().get(first.id()));
    assertEquals(waiting, three.groups().get(G));
    assertEquals(List.of(at(3), at(2), at(1)), apps().groupVersions(G));
    assertEquals(
        List.of(at(4), at(3), at(2), at(1), Instant.EPOCH), apps().groupVersions(AppId.ROOT));
    assertEquals(List.of(at(4), at(3)), apps().groupVersions(AppId.of("/x")));
    assertEquals(List.of(), apps().groupVersions(AppId.of("/never")));
    assertEquals(Optional.empty(), apps().treeAt(at(1).plusMillis(500)));
  }

  @Test
  default void aGroupThatReturnsHasBothItsLives() {
    AppSpec app = Samples.app("/shop/web", at(1));
    name(at(1), () -> apps().save(app), app.id());
    name(
        at(2),
        () -> {
          apps().remove(app.id());
          apps().removeGroup(G);
        },
        app.id(),
        G);
    AppSpec again = Samples.app("/shop/web", at(3));
    name(at(3), () -> apps().save(again), again.id());
    assertEquals(List.of(at(3), at(1)), apps().groupVersions(G));
    assertEquals(app, apps().treeAt(at(1)).orElseThrow().apps().get(app.id()));
    assertTrue(apps().treeAt(at(2)).orElseThrow().apps().isEmpty());
    assertEquals(again, apps().treeAt(at(3)).orElseThrow().apps().get(app.id()));
  }

  @Test
  default void historyIsBoundedAndTakesItsDefinitionsAlong() {
    AppSpec gone = Samples.app("/gone", at(1));
    name(at(1), () -> apps().save(gone), gone.id());
    name(at(2), () -> apps().remove(gone.id()), gone.id());
    apps().forget(gone.id());
    assertEquals(gone, apps().treeAt(at(1)).orElseThrow().apps().get(gone.id()));
    for (int i = 3; i < 3 + AppStore.MAX_VERSIONS; i++) {
      AppSpec app = Samples.app("/a", at(i));
      name(at(i), () -> apps().save(app), app.id());
    }
    List<Instant> versions = apps().groupVersions(AppId.ROOT);
    assertEquals(AppStore.MAX_VERSIONS, versions.size());
    assertEquals(at(2 + AppStore.MAX_VERSIONS), versions.get(0));
    assertEquals(Optional.empty(), apps().treeAt(at(1)));
    for (Instant version : versions) {
      assertEquals(version, apps().treeAt(version).orElseThrow().apps().get(app()).version());
    }
    apps().forget(gone.id());
    assertEquals(Optional.empty(), apps().version(gone.id(), gone.version()));
  }

  private static AppId app() {
    return AppId.of("/a");
  }

  private void name(Instant version, Runnable change, AppId... touched) {
    stores()
        .transactions()
        .run(
            () -> {
              apps().lockRoot();
              change.run();
              apps().setRootVersion(version, List.of(touched));
            });
  }
}
