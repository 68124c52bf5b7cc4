package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** C43 to C56: virtual hosts and paths. */
interface VhostChecks extends Checks {
  @LbCheck(43)
  default void aVhostMatchesWhateverItsCase() {
    served("plain", "PLAIN.lb", "/");
  }

  @LbCheck(44)
  default void everyNameOfAListLeadsToTheApp() {
    served("list", "list-a.lb", "/");
    served("list", "list-b.lb", "/");
  }

  @LbCheck(45)
  default void anUnknownOrMissingHostIs503() {
    notServed("unknown.lb", "/");
    assertEquals(503, lb().send(lb().node().edgePort(), "GET", "/").status());
  }

  @LbCheck(46)
  default void subdomainsDoNotMatch() {
    notServed("www.plain.lb", "/");
    notServed("lb", "/");
  }

  @LbCheck(value = 48, adr = 11)
  default void aSchemeAndASlashInAVhostAreLeftOut() {
    served("scheme", "scheme.lb", "/");
  }

  @LbCheck(value = 49, adr = 21)
  default void aPortInTheHostIsLeftOut() {
    served("plain", "plain.lb:" + lb().node().edgePort(), "/");
  }

  @LbCheck(50)
  default void aPathIsAPrefixWithCaseAndWithoutABoundary() {
    served("api", "path.lb", "/api");
    served("api", "path.lb", "/api/x");
    served("api", "path.lb", "/apix");
    served("pathless", "path.lb", "/API");
    assertEquals(
        "GET /api/x?q=%20a&b HTTP/1.1",
        lb().vhost("path.lb", "/api/x?q=%20a&b").body().lines().skip(2).findFirst().orElse(""));
  }

  @LbCheck(52)
  default void aPathComesBeforeTheVhostWithoutOne() {
    served("pathless", "path.lb", "/");
    served("api", "path.lb", "/api");
  }

  @LbCheck(53)
  default void ofEqualWeightsTheSmallerAppIdComesFirst() {
    served("tie-a", "tie.lb", "/x/y");
  }

  @LbCheck(54)
  default void aLargerWeightComesFirst() {
    served("heavy-b", "heavy.lb", "/x/y");
    served("heavy-a", "heavy.lb", "/x");
  }

  @LbCheck(55)
  default void aPathWithoutVhostChangesNothing() {
    assertEquals("pathonly", lb().send(lb().port("pathonly", 0), "GET", "/other", "Host: x").app());
  }
}
