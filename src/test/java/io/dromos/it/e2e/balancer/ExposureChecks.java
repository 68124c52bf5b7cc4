package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** C16 to C42: which ports are published, where, and with which backends. */
interface ExposureChecks extends Checks {
  @LbCheck(16)
  default void anAppWithoutGroupIsNotPublished() {
    notServed("hidden.lb", "/");
    assertEquals(0, lb().send(lb().port("hidden", 0), "GET", "/", "Host: x").status());
  }

  @LbCheck(17)
  default void theGroupOfTheEdgeIsPublishedAndAnotherIsNot() {
    served("plain", "plain.lb", "/");
    notServed("internal.lb", "/");
  }

  @LbCheck(18)
  default void groupsAreAListThatIsNotTrimmed() {
    served("both", "both.lb", "/");
    notServed("spaced.lb", "/");
  }

  @LbCheck(19)
  default void groupsHaveCaseAndAnAppHasNoWildcard() {
    notServed("upper.lb", "/");
    notServed("star.lb", "/");
  }

  @LbCheck(21)
  default void theGroupOfAPortReplacesThatOfTheAppThereAlone() {
    notServed("override0.lb", "/");
    served("override", "override1.lb", "/");
  }

  @LbCheck(22)
  default void theGroupOfAPortAlonePublishesThatPort() {
    served("only", "only0.lb", "/");
    notServed("only1.lb", "/");
  }

  @LbCheck(23)
  default void aPortThatIsNotEnabledHasNoWayIn() {
    notServed("off.lb", "/");
    assertEquals(0, lb().send(lb().port("off", 0), "GET", "/", "Host: x").status());
    assertEquals(503, appId("/off").status());
  }

  private Balancer.Reply appId(String id) {
    return lb().send(lb().node().appIdPort(), "GET", "/", "Host: x", "X-Marathon-App-Id: " + id);
  }

  @LbCheck(25)
  default void truthIsTrueTYesOrYInAnyCase() {
    served("yes", "yes.lb", "/");
    notServed("digit.lb", "/");
  }

  @LbCheck(26)
  default void oddKeysAndIndexesBeyondThePortsMeanNothing() {
    notServed("lower.lb", "/");
    notServed("beyond.lb", "/");
    notServed("noindex.lb", "/");
  }

  @LbCheck(27)
  default void aHostPortIsServedAtItsServicePort() {
    Balancer.Reply reply = lb().send(lb().port("plain", 0), "GET", "/", "Host: any");
    assertEquals("plain", reply.app(), reply::toString);
    assertTrue(
        lb().servers(lb().service("plain")).stream()
            .allMatch(row -> row.get("addr").matches("127\\.0\\.0\\.1:33\\d{3}")));
  }

  @LbCheck(31)
  default void ofTwoPortsEachServiceHasItsOwn() {
    assertTrue(lb().vhost("override1.lb", "/").body().contains("\nport 1\n"));
    assertTrue(lb().vhost("only0.lb", "/").body().contains("\nport 0\n"));
  }

  @LbCheck(33)
  default void aTaskWithoutAGoodResultIsHeldBack() {
    assertEquals("TASK_RUNNING", lb().app("sick").path("tasks").path(0).path("state").asText());
    notServed("sick.lb", "/");
    assertEquals("httpcheck", lb().send(lb().port("httpcheck", 0), "GET", "/", "Host: x").app());
  }

  @LbCheck(34)
  default void oneGoodCheckOfTwoIsEnough() {
    served("half", "half.lb", "/");
  }

  @LbCheck(35)
  default void aTaskThatTurnsSickLeaves() {
    served("turning", "turning.lb", "/");
    served("turning", "turning.lb", "/turn");
    lb().await("503", lb -> lb.vhost("turning.lb", "/"), reply -> reply.status() == 503);
  }

  @LbCheck(36)
  default void withoutHealthChecksARunningTaskServesAtOnce() {
    assertTrue(lb().app("plain").path("healthChecks").isEmpty());
    served("plain", "plain.lb", "/");
  }

  @LbCheck(37)
  default void withoutBackendsThePortIsClosedAndTheVhostIs503() {
    notServed("gone.lb", "/");
    assertEquals(0, lb().send(lb().port("gone", 0), "GET", "/", "Host: x").status());
  }

  @LbCheck(38)
  default void thePortLabelMovesTheFrontendAlone() {
    int port = Integer.parseInt(lb().app("moved").path("labels").path("HAPROXY_0_PORT").asText());
    assertEquals("moved", lb().send(port, "GET", "/", "Host: x").app());
    assertEquals(0, lb().send(lb().port("moved", 0), "GET", "/", "Host: x").status());
    assertEquals(1, lb().servers("moved_" + port).size());
  }

  @LbCheck(40)
  default void tcpModeTouchesNoHeader() {
    Balancer.Reply reply =
        lb().raw(lb().port("tcp", 0), "GET /  HTTP/1.1\r\nhOsT:odd\r\nX-Forwarded-Port: 1\r\n\r\n");
    assertEquals("tcp", reply.app(), reply::toString);
    assertTrue(reply.body().contains("GET /  HTTP/1.1\r\nhOsT:odd\r\nX-Forwarded-Port: 1\r\n\r\n"));
  }

  @LbCheck(41)
  default void modeIsTcpUnlessAVhostOrAnHttpCheckSaysSoAndTheLabelWins() {
    assertEquals("tcp", mode("tcp"));
    assertEquals("http", mode("plain"));
    assertEquals("http", mode("httpcheck"));
    assertEquals("tcp", mode("forced"));
  }

  @LbCheck(42)
  default void aMesosCheckAloneIsNoReasonForHttp() {
    assertEquals("tcp", mode("mesoscheck"));
  }

  private String mode(String app) {
    String service = lb().service(app);
    return lb().rows().stream()
        .filter(row -> row.get("pxname").equals(service) && row.get("svname").equals("BACKEND"))
        .map(row -> row.get("mode"))
        .findFirst()
        .orElse("none");
  }
}
