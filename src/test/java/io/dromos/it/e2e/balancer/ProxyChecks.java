package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** C67 to C71: what becomes of a request on its way. */
interface ProxyChecks extends Checks {
  String HOST = "Host: mortal.lb";
  String EMPTY = "Content-Length: 0";

  @LbCheck(67)
  default void theClientsAddressIsAddedToForwardedFor() {
    Balancer.Reply reply = from("X-Forwarded-For: 192.0.2.9");
    String all = String.join(", ", reply.seen("x-forwarded-for"));
    assertEquals("192.0.2.9, 127.0.0.1", all, reply::body);
  }

  private Balancer.Reply from(String... headers) {
    List<String> all = new java.util.ArrayList<>(List.of("Host: plain.lb"));
    all.addAll(List.of(headers));
    return lb().send(lb().node().edgePort(), "GET", "/", all.toArray(String[]::new));
  }

  @LbCheck(68)
  default void forwardedPortIsTheAcceptedOneWhateverTheClientSays() {
    assertEquals(
        List.of(String.valueOf(lb().node().edgePort())),
        from("X-Forwarded-Port: 1").seen("x-forwarded-port"));
  }

  @LbCheck(70)
  default void theHostIsPassedUnchanged() {
    assertEquals(List.of("PLAIN.lb"), lb().vhost("PLAIN.lb", "/").seen("host"));
  }

  @LbCheck(71)
  default void requestsTakeTurnsAlsoOnOneConnection() {
    String service = lb().service("plain");
    Map<String, Long> before = totals(service);
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      requests.append("GET / HTTP/1.1\r\nHost: plain.lb\r\n\r\n");
    }
    requests.append("GET / HTTP/1.1\r\nHost: plain.lb\r\nConnection: close\r\n\r\n");
    assertEquals(200, lb().raw(lb().node().edgePort(), requests.toString()).status());
    Map<String, Long> after = totals(service);
    assertEquals(2, after.size());
    after.forEach((server, total) -> assertEquals(5, total - before.get(server), server));
  }

  private Map<String, Long> totals(String service) {
    Map<String, Long> totals = new TreeMap<>();
    lb().servers(service).forEach(r -> totals.put(r.get("svname"), Long.valueOf(r.get("stot"))));
    return totals;
  }

  @LbCheck(75)
  default void aRequestWhoseBackendRefusesGoesToAnother() {
    lb().await(
            "three servers",
            lb -> lb.vhost("mortal.lb", "/"),
            reply -> lb().servers(lb().service("mortal")).size() == 3);
    lb().vhost("mortal.lb", "/die");
    for (int i = 0; i < 50; i++) {
      // A kept connection may break under a request: only what may be repeated must get through.
      assertEquals(200, lb().send(lb().node().edgePort(), "GET", "/", HOST, EMPTY).status());
    }
  }
}
