package io.dromos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.deployment.AnApp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where VIP labels stand, and with whom a VIP is shared. */
class VipClaimTest {
  private static final PortSpec HOST_PORT = port(0, Map.of());

  private static PortSpec port(Integer hostPort, Map<String, String> labels) {
    return new PortSpec(null, hostPort, 0, List.of(Protocol.TCP, Protocol.UDP), null, labels);
  }

  private static AppSpec app(Map<String, String> labels, PortSpec... ports) {
    AnApp app = AnApp.called("/shop/web");
    labels.forEach(app::label);
    return app.spec().withPorts(List.of(ports));
  }

  private static List<String> claims(AppSpec app) {
    return VipClaim.of(app).stream()
        .map(c -> c.portIndex() + " " + c.label().name() + ":" + c.label().port() + c.protocols())
        .toList();
  }

  @Test
  void everyLabelOfAPortIsAClaimOfItsOwn() {
    AppSpec app =
        app(
            Map.of("VIP_0", "/not-on-a-port:80"),
            port(0, Map.of("VIP", "/a:80", "vip_x", "b:81", "VIP_7", "/c:82", "Vip_0", "/no:1")),
            port(0, Map.of("VIP_0", "/a:443")));
    assertEquals(
        List.of("0 a:80[TCP, UDP]", "0 c:82[TCP, UDP]", "0 b:81[TCP, UDP]", "1 a:443[TCP, UDP]"),
        claims(app));
  }

  @Test
  void mesosOlderLabelOfTheTaskNamesItsProtocolAndTheHostPort() {
    AppSpec app =
        app(
            Map.of("vip_PORT0", "tcp://web:80", "VIP_PORT1", "udp://1.2.3.4:53"),
            HOST_PORT,
            port(null, Map.of()),
            HOST_PORT);
    assertEquals(List.of("2 1.2.3.4:53[UDP]", "0 web:80[TCP]"), claims(app));
  }

  @ParameterizedTest
  @CsvSource({
    "vip_port0, web:80, needs the form tcp://name:port",
    "vip_port1, tcp://web:80, no host port number 1",
    "vip_port99999999999, tcp://web:80, no host port number 99999999999",
    "vip_port0, udp://web, needs the form /name:port",
    "vip_port0, tcp://web:0, between 1 and 65535"
  })
  void oneThatCannotBeReadIsToldByItsPath(String key, String value, String words) {
    List<Violation> problems = new ArrayList<>();
    assertEquals(List.of(), VipClaim.of(app(Map.of(key, value), HOST_PORT), problems));
    assertEquals("/labels/" + key, problems.get(0).path());
    assertTrue(problems.get(0).message().contains(words), problems.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "/shop/other, '', true",
    "/shop/sub/other, '', false",
    "/tools/other, '', false",
    "/other, '', false",
    "/tools/other, '/x, /tools', true",
    "/tools/deep/other, /tools, true",
    "/toolshed/other, /tools, false",
    "/tools/other, *, true",
    "/tools/other, /, true",
    "/tools/other, tools, false"
  })
  void aVipIsSharedWithinItsGroupAndWithGroupsThatWereLetIn(
      String app, String label, boolean allowed) {
    AppSpec owner = app(label.isEmpty() ? Map.of() : Map.of(VipSharing.KEY, label), HOST_PORT);
    assertEquals(allowed, VipSharing.allows(owner, new AppId(app)));
  }

  @Test
  void groupsThatAreNoneAreRefusedAtTheDoor() {
    AppSpec bad = app(Map.of(VipSharing.KEY, "/ok,tools,/Upper,/end/"), HOST_PORT);
    assertEquals(3, VipSharing.problems(bad).size());
    assertFalse(VipSharing.problems(bad).stream().anyMatch(v -> v.message().contains("'/ok'")));
  }
}
