package io.dromos.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.AppTree;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Violation;
import io.dromos.app.VipSharing;
import io.dromos.deployment.AnApp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may stand behind a VIP that somebody else has. */
class VipOwnershipTest {
  private static AppSpec app(String id, String vip) {
    return app(id, vip, Map.of());
  }

  private static AppSpec app(String id, String vip, Map<String, String> labels) {
    PortSpec port = new PortSpec(null, 0, 0, List.of(Protocol.TCP), null, Map.of("VIP_0", vip));
    AnApp app = AnApp.called(id);
    labels.forEach(app::label);
    return app.spec().withPorts(List.of(port));
  }

  private static AppTree tree(AppSpec... apps) {
    return AppTree.of(Instant.EPOCH, Arrays.asList(apps), List.of());
  }

  /** What is said when {@code changed} come into {@code before}. */
  private static List<Violation> put(AppTree before, AppSpec... changed) {
    List<AppSpec> after = new ArrayList<>(before.apps().values());
    after.addAll(Arrays.asList(changed));
    return new VipOwnership(before, AppTree.of(Instant.EPOCH, after, List.of()))
        .violations(Arrays.asList(changed));
  }

  @Test
  void anAppOfTheSameGroupSharesIt() {
    assertEquals(List.of(), put(tree(app("/shop/a", "/x:80")), app("/shop/b", "X:81")));
  }

  @Test
  void anAppOfAnotherGroupIsToldWhoseItIsAndTheWayOut() {
    List<Violation> said = put(tree(app("/shop/a", "/x:80")), app("/tools/b", "x:81"));
    assertEquals("/portDefinitions(0)/labels/VIP_0", said.get(0).path());
    assertEquals(
        "VIP x belongs to /shop/a of another group; give /shop/a the label"
            + " DROMOS_VIP_SHARED_WITH=/tools to share it, or choose another name",
        said.get(0).message());
  }

  @Test
  void theConsentOfOneWhoHasItIsEnough() {
    AppSpec owner = app("/shop/a", "/x:80", Map.of(VipSharing.KEY, "/tools"));
    AppTree tree = tree(owner, app("/shop/c", "/x:80"));
    assertEquals(List.of(), put(tree, app("/tools/b", "/x:80")));
    assertEquals(1, put(tree, app("/other/b", "/x:80")).size());
  }

  @Test
  void addressesHaveOwnersToo() {
    assertEquals(1, put(tree(app("/a/a", "1.2.3.4:80")), app("/b/b", "1.2.3.4:81")).size());
  }

  @Test
  void whatStandsIsNeverTakenBack() {
    AppTree both = tree(app("/shop/a", "/x:80"), app("/tools/b", "/x:80"));
    assertEquals(List.of(), put(both, app("/tools/b", "/x:81")));
    assertEquals(List.of(), put(both, app("/shop/a", "/x:82")));
  }

  @Test
  void theOwnerMovesOnAndTheNameIsFree() {
    AppTree before = tree(app("/shop/a", "/x:80"));
    assertEquals(List.of(), put(before, app("/shop/a", "/y:80"), app("/tools/b", "/x:80")));
  }

  @Test
  void ofTwoNewOnesTheSmallerIdWasFirst() {
    List<Violation> said = put(tree(), app("/b/b", "/x:80"), app("/a/a", "/x:80"));
    assertEquals(1, said.size());
    assertTrue(said.get(0).message().contains("belongs to /a/a"), said.toString());
  }
}
