package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the sections share. */
interface Checks {
  default Balancer lb() {
    return MarathonLbConformanceE2eIT.balancer();
  }

  /** The vhost leads to that app. */
  default void served(String app, String host, String path) {
    Balancer.Reply reply = lb().vhost(host, path);
    assertEquals(200, reply.status(), host + path + ": " + reply);
    assertEquals(app, reply.app(), host + path);
  }

  default void notServed(String host, String path) {
    assertEquals(503, lb().vhost(host, path).status(), host + path);
  }
}
