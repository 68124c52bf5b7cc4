package io.dromos.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.dataplane.kernel.KernelOffer;
import io.dromos.dataplane.l4.L4Plane;
import io.dromos.platform.Settings;
import io.dromos.platform.Settings.InvalidSettingException;
import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which plane carries the VIPs. No plane is given a snapshot, so none touches the machine. */
class TrafficPlanesTest {
  /** A pool that the kernel plane refuses on any machine: who looks at it was about to use it. */
  private static final String UNUSABLE = "127.0.0.0/9";

  private final List<DataPlane> open = new ArrayList<>();

  @AfterEach
  void close() {
    // Drained, a plane of the kernel leaves what is there to others.
    open.forEach(DataPlane::drain);
    open.forEach(DataPlane::close);
  }

  private static Settings settings(String... vip) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "dromos.node.roles", "agent",
                "dromos.dns.port", "0",
                "dromos.stats.port", "0",
                "dromos.data.dir", "/nonexistent/node"));
    for (int i = 0; i < vip.length; i += 2) {
      values.put("dromos.vip." + vip[i], vip[i + 1]);
    }
    return Settings.of(values);
  }

  private List<DataPlane> planes(Settings settings) {
    List<DataPlane> planes = TrafficPlanes.of(settings);
    open.addAll(planes);
    return planes;
  }

  @Test
  void userspaceCarriesTheVipsUnlessTheKernelIsAskedForByName() {
    for (Settings settings :
        List.of(
            settings("kernel.pool", UNUSABLE),
            settings("mode", "auto", "kernel.pool", UNUSABLE),
            settings("mode", "userspace", "kernel.pool", UNUSABLE))) {
      List<DataPlane> planes = planes(settings);
      assertEquals(1, planes.size());
      assertInstanceOf(L4Plane.class, planes.get(0));
    }
    assertEquals(List.of(), planes(settings("mode", "off", "kernel.pool", UNUSABLE)));
    InvalidSettingException refused =
        assertThrows(
            InvalidSettingException.class,
            () -> planes(settings("mode", "kernel", "kernel.pool", UNUSABLE)));
    assertTrue(refused.getMessage().contains("dromos.vip.kernel.pool=" + UNUSABLE));
  }

  @Test
  void theKernelIsTakenWhereItWorksAndUserspaceElsewhere() {
    Settings settings = settings("mode", "kernel");
    boolean works = KernelOffer.of(settings).problem().isEmpty();
    List<DataPlane> planes = planes(settings);
    assertEquals(List.of(works ? "kernel" : "l4"), planes.stream().map(DataPlane::name).toList());
    assertEquals(!works, planes.get(0) instanceof SecondChoice);
  }

  @Test
  void aPlaneInPlaceOfAnotherReportsWhatWasAskedForAndWhyItIsNot() throws Exception {
    DataPlane l4 = planes(settings("mode", "userspace")).get(0);
    SecondChoice second = new SecondChoice(l4, "dromos.vip.mode=kernel", "run it as root");
    PlaneReport report = second.apply(RoutingSnapshot.EMPTY);
    assertEquals(Map.of("dromos.vip.mode=kernel", "run it as root"), report.degraded());
    assertEquals("l4", second.name());
  }
}
