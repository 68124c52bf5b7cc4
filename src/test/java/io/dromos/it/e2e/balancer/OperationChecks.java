package io.dromos.it.e2e.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** C82 to C95: app ids, changes and what operators ask for. */
interface OperationChecks extends Checks {
  private Balancer.Reply appId(String id) {
    return lb().send(lb().node().appIdPort(), "GET", "/", "Host: x", "X-Marathon-App-Id: " + id);
  }

  @LbCheck(82)
  default void anAppIdLeadsToTheHttpServiceWithTheLowestPort() {
    assertEquals("plain", appId("/plain").app());
    assertEquals("plain", appId("/PLAIN").app());
    assertEquals(503, appId("plain").status(), "no slash");
    assertEquals(503, appId("/nobody").status());
    assertEquals(503, appId("/tcp").status(), "a service in TCP mode");
    assertEquals(503, lb().send(lb().node().appIdPort(), "GET", "/", "Host: plain.lb").status());
  }

  @LbCheck(86)
  default void aChangeIsServedWithinASecond() throws IOException, InterruptedException {
    new World(lb().node())
        .create(new World(lb().node()).shown("fresh", Map.of("VHOST", "fresh.lb")));
    Await.until(
        "the task of fresh runs",
        Balancer.LIMIT,
        () ->
            lb().app("fresh").path("tasks").path(0).path("state").asText().equals("TASK_RUNNING"));
    long running = System.nanoTime();
    lb().await("fresh.lb", lb -> lb.vhost("fresh.lb", "/"), reply -> reply.status() == 200);
    assertTrue(System.nanoTime() - running < 1_000_000_000L, "served within a second");
    lb().node().send("DELETE", "/v2/apps/fresh", "");
    lb().await("gone", lb -> lb.vhost("fresh.lb", "/"), reply -> reply.status() == 503);
  }

  @LbCheck(89)
  default void healthConfigurationMapsAndPidsArePlainText() {
    assertEquals(200, lb().stats("/_haproxy_health_check").status());
    for (String path : List.of("getconfig", "getvhostmap", "getappmap", "getpids")) {
      Balancer.Reply reply = lb().stats("/_haproxy_" + path);
      assertEquals(200, reply.status(), path);
      assertTrue(reply.head().contains("content-type: text/plain"), reply::head);
    }
    String service = lb().service("plain");
    assertTrue(lb().stats("/_haproxy_getvhostmap").body().contains("plain.lb " + service + "\n"));
    assertTrue(lb().stats("/_haproxy_getappmap").body().contains("/plain " + service + "\n"));
    assertTrue(lb().stats("/_haproxy_getconfig").body().contains("\nbackend " + service + "\n"));
    assertEquals(1, lb().stats("/_haproxy_getpids").body().split(" ").length);
  }

  @LbCheck(90)
  default void theCsvHasHaproxysNamesAndNothingElse() {
    List<String> lines = lb().stats("/haproxy?stats;csv").body().lines().toList();
    assertTrue(lines.get(0).startsWith("# pxname,svname,qcur,"), lines.get(0));
    for (String name : lines.get(0).substring(2).split(",")) {
      assertTrue(name.matches("[a-zA-Z_]\\w*"), name);
    }
    lines.forEach(line -> assertTrue(line.endsWith(","), line));
    for (Map<String, String> server : lb().servers(lb().service("plain"))) {
      assertEquals(server.get("addr").replaceAll("[.:]", "_"), server.get("svname"));
    }
    assertTrue(
        lb().rows().stream()
            .anyMatch(
                row ->
                    row.get("pxname").equals("marathon_http_in")
                        && row.get("svname").equals("FRONTEND")
                        && row.get("status").equals("OPEN")));
  }

  @LbCheck(95)
  default void hupHasTheAppsReadAgain() {
    Balancer.Reply reply = lb().stats("/_mlb_signal/hup");
    assertEquals(200, reply.status());
    assertFalse(reply.body().isBlank());
    served("plain", "plain.lb", "/");
  }

  @LbCheck({32, 87, 92})
  default void aBackendThatIsStoppedFinishesWhatItHasAndGetsNothingNew()
      throws IOException, InterruptedException {
    World world = new World(lb().node());
    ObjectNode app = world.shown("slow", Map.of("VHOST", "slow.lb"));
    String stubborn =
        app.path("cmd").asText().replace("$SIG{CHLD}=", "$SIG{TERM}=\"IGNORE\"; $SIG{CHLD}=");
    world.create(app.put("cmd", stubborn).put("taskKillGracePeriodSeconds", 5));
    lb().await("slow.lb", lb -> lb.vhost("slow.lb", "/"), reply -> reply.status() == 200);
    String service = lb().service("slow");
    CompletableFuture<Balancer.Reply> running =
        CompletableFuture.supplyAsync(() -> lb().vhost("slow.lb", "/wait"));
    Await.until("the request is there", Balancer.LIMIT, () -> has(service, "no check", "1"));
    lb().node().send("PUT", "/v2/apps/slow?force=true", "{\"instances\":0}");
    Await.until("maintenance", Balancer.LIMIT, () -> has(service, "MAINT", "1"));
    notServed("slow.lb", "/");
    assertEquals("slow", running.join().app(), "what ran was finished");
    Await.until("nothing left on it", Balancer.LIMIT, () -> has(service, "MAINT", "0"));
    Await.until("ended", Balancer.LIMIT, () -> lb().servers(service).isEmpty());
  }

  private boolean has(String service, String status, String open) {
    return lb().servers(service).stream()
        .anyMatch(row -> row.get("status").equals(status) && row.get("scur").equals(open));
  }

  @LbCheck(88)
  default void aBadLabelOfOneAppHoldsNobodyUp() throws IOException, InterruptedException {
    World world = new World(lb().node());
    ObjectNode bad =
        world.shown("bad", Map.of("VHOST", "bad.lb", "AUTH", "no colons", "PORT", "many"));
    int status = lb().node().send("POST", "/v2/apps", bad.toString()).statusCode();
    assertTrue(status == 201 || status == 422, "status " + status);
    world.create(world.shown("good", Map.of("VHOST", "good.lb")));
    lb().await("good.lb", lb -> lb.vhost("good.lb", "/"), reply -> reply.status() == 200);
    notServed("bad.lb", "/");
  }
}
