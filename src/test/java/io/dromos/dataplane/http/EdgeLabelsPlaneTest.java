package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Snapshots.WEB;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.Backend;
import io.dromos.routing.Balance;
import io.dromos.routing.BasicAuth;
import io.dromos.routing.EdgePolicy;
import io.dromos.routing.EdgeService;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import io.dromos.routing.VhostRoute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What labels do to a request and its answer, decided without a socket. */
class EdgeLabelsPlaneTest {
  private static final HeaderRewrite.Origin PLAIN = new HeaderRewrite.Origin("10.0.0.9", 80, false);
  private static final HeaderRewrite.Origin SECURE =
      new HeaderRewrite.Origin("10.0.0.9", 443, true);

  /** crypt(3) of "secret". */
  private static final String HASH =
      org.apache.commons.codec.digest.Crypt.crypt("secret", "$5$saltsalt");

  private static final BasicAuth AUTH = new BasicAuth("a \"b\"", "joe", HASH);

  private static EdgePolicy policy(
      @Nullable String cookie,
      List<String> networks,
      @Nullable String prefix,
      @Nullable String location,
      @Nullable String root) {
    return new EdgePolicy(
        Balance.TURNS,
        cookie,
        true,
        networks,
        List.of("a.example.com", "b.example.com"),
        prefix,
        location,
        root,
        0,
        null);
  }

  private static EdgeService service(EdgePolicy policy, Backend... backends) {
    return new EdgeService(
        "web_10000", WEB, 0, 10000, ServicePort.Mode.HTTP, policy, null, List.of(backends));
  }

  private static RequestHead get(String host, String target, String... headers)
      throws MalformedMessageException {
    Headers all = Headers.of("Host", host);
    Headers.of(headers).forEach(all::add);
    return RequestHead.of("GET", target, 1, all);
  }

  private static HttpRoutes routes(VhostRoute... routes) {
    Snapshots snapshot = aSnapshot();
    for (VhostRoute route : routes) {
      snapshot.route(route);
    }
    RoutingSnapshot built = snapshot.build();
    ProxyCore core = new ProxyCore("test", 1, ProxyLimits.DEFAULT);
    try {
      return core.index(built);
    } finally {
      core.close();
    }
  }

  private static VhostRoute route(
      String host, @Nullable String path, boolean redirect, @Nullable BasicAuth auth) {
    return new VhostRoute(
        host, path, false, 0, redirect, auth, service(EdgePolicy.PLAIN, Snapshots.active("a", 1)));
  }

  @Test
  void aRedirectKeepsPathAndQueryAndHoldsForSiblings() throws Exception {
    HttpRoutes routes =
        routes(
            route("a.example.com", "/api", false, null), route("a.example.com", null, true, null));
    RouteDecision.Answered answered =
        assertInstanceOf(
            RouteDecision.Answered.class,
            routes.vhost(get("A.example.com:80", "/api?q=1"), PLAIN, null, 443));
    assertEquals(301, answered.answer().outcome().status());
    assertEquals("https://A.example.com/api?q=1", answered.answer().headers().first("Location"));
    assertInstanceOf(
        RouteDecision.Found.class, routes.vhost(get("a.example.com", "/x"), SECURE, null, 443));
    assertInstanceOf(
        RouteDecision.Found.class,
        routes.vhost(get("a.example.com", "/x"), PLAIN, null, HttpRoutes.NO_HTTPS));
  }

  @Test
  void aPasswordGuardsItsPathAndWithoutOneItsSiblings() throws Exception {
    HttpRoutes narrow =
        routes(
            route("a.example.com", "/in", false, AUTH), route("a.example.com", null, false, null));
    assertInstanceOf(
        RouteDecision.Guarded.class, narrow.vhost(get("a.example.com", "/in/x"), PLAIN, null, 0));
    assertInstanceOf(
        RouteDecision.Found.class, narrow.vhost(get("a.example.com", "/out"), PLAIN, null, 0));
    HttpRoutes wide =
        routes(
            route("a.example.com", "/api", false, null), route("a.example.com", null, false, AUTH));
    assertInstanceOf(
        RouteDecision.Guarded.class, wide.vhost(get("a.example.com", "/api"), PLAIN, null, 0));
  }

  @Test
  void anExactNameComesBeforeASuffixAndThatBeforeAPattern() throws Exception {
    HttpRoutes routes =
        routes(
            route("~^shop", null, true, null),
            route("*.example.com", null, false, AUTH),
            route("shop.example.com", "/only", false, null));
    assertInstanceOf(
        RouteDecision.Found.class,
        routes.vhost(get("shop.example.com", "/only"), PLAIN, null, 443));
    assertInstanceOf(
        RouteDecision.Guarded.class, routes.vhost(get("shop.example.com", "/x"), PLAIN, null, 443));
    assertInstanceOf(
        RouteDecision.Answered.class, routes.vhost(get("shop.org", "/"), PLAIN, null, 443));
    assertInstanceOf(
        RouteDecision.Nowhere.class, routes.vhost(get("example.com", "/"), PLAIN, null, 443));
  }

  @Test
  void aNetworkThatIsNotAllowedGets403() throws Exception {
    FrontRules rules =
        FrontRules.of(policy(null, List.of("192.168.0.0/16"), null, null, null), List.of());
    OwnAnswer answer = rules.answer(get("a.example.com", "/"), PLAIN);
    assertEquals(403, answer == null ? 0 : answer.outcome().status());
    HeaderRewrite.Origin inside = new HeaderRewrite.Origin("192.168.3.4", 80, false);
    assertNull(rules.answer(get("a.example.com", "/"), inside));
    assertFalse(rules.admits("unknown"));
  }

  @Test
  void onlyTheRootOfItsOwnNamesIsRedirected() throws Exception {
    FrontRules rules = FrontRules.of(policy(null, List.of(), null, null, "/start"), List.of());
    OwnAnswer answer = rules.answer(get("b.example.com", "/?x"), PLAIN);
    assertEquals("/start", answer == null ? "" : answer.headers().first("Location"));
    assertNull(rules.answer(get("b.example.com", "/x"), PLAIN));
    assertNull(rules.answer(get("c.example.com", "/"), PLAIN));
  }

  @Test
  void aPrefixIsCutAndTheHostIsTheOneThatWasAskedFor() throws Exception {
    FrontRules rules = FrontRules.of(policy(null, List.of(), "/app", null, null), List.of());
    List<String> seen = new ArrayList<>();
    for (String target : List.of("/app/x?q", "/app", "/appx", "/app?q=/app", "/other")) {
      seen.add(rules.toBackend(get("b.example.com", target)).target());
    }
    assertEquals(List.of("/x?q", "/", "/x", "/?q=/app", "/other"), seen);
    assertEquals("b.example.com", rules.toBackend(get("b.example.com:81", "/")).authority());
    assertEquals("a.example.com", rules.toBackend(get("z.example.com", "/")).authority());
  }

  @Test
  void answersCarryHstsCookieAndTheirNewLocation() throws Exception {
    Target one = target("a", 1);
    Target two = target("b", 2);
    FrontRules rules =
        FrontRules.of(policy("sticky", List.of(), null, "/new", null), List.of(one, two));
    RequestHead first = get("a.example.com", "/");
    ResponseHead moved = answer("Location", "http://a.example.com:80/x");
    Headers given = rules.toClient(moved, first, rules.choice(first, PLAIN), one).headers();
    assertEquals("/new", given.first("Location"));
    assertEquals("max-age=15768000", given.first("Strict-Transport-Security"));
    String cookie = String.valueOf(given.first("Set-Cookie"));
    assertTrue(cookie.matches("sticky=[0-9a-f]{10}; path=/"), cookie);

    String pair = cookie.substring(0, cookie.indexOf(';'));
    RequestHead again = get("a.example.com", "/", "Cookie", "x=1; " + pair + "; y=2");
    assertEquals(one, rules.choice(again, PLAIN).bound());
    assertEquals("x=1; y=2", rules.toBackend(again).headers().first("Cookie"));
    ResponseHead other = answer("Location", "http://elsewhere.example.org/x");
    Headers kept = rules.toClient(other, again, rules.choice(again, PLAIN), one).headers();
    assertEquals("http://elsewhere.example.org/x", kept.first("Location"));
    assertNull(kept.first("Set-Cookie"));
    Headers changed = rules.toClient(other, again, rules.choice(again, PLAIN), two).headers();
    assertTrue(changed.has("Set-Cookie"), "another backend served it");
  }

  private static ResponseHead answer(String name, String value) {
    return new ResponseHead(302, "Found", 1, Headers.of(name, value), Framing.NONE);
  }

  private static Target target(String task, int port) {
    Backend backend = Snapshots.active(task, port);
    return Target.of(backend, new BackendPicker(1).loadOf(backend));
  }

  private static Credentials.@Nullable Verdict judge(Credentials all, @Nullable String pair) {
    List<Credentials.Verdict> verdicts = new ArrayList<>();
    java.util.concurrent.CountDownLatch done = new java.util.concurrent.CountDownLatch(1);
    String header =
        pair == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    all.check(
        header,
        AUTH,
        Runnable::run,
        verdict -> {
          verdicts.add(verdict);
          done.countDown();
        });
    try {
      assertTrue(done.await(20, java.util.concurrent.TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return verdicts.get(0);
  }

  @Test
  void onlyTheRightPasswordIsGranted() {
    try (Credentials all = new Credentials("test", new byte[16])) {
      for (int round = 0; round < 2; round++) {
        assertEquals(Credentials.Verdict.GRANTED, judge(all, "joe:secret"));
        assertEquals(Credentials.Verdict.DENIED, judge(all, "joe:Secret"));
        assertEquals(Credentials.Verdict.DENIED, judge(all, "jim:secret"));
        assertEquals(Credentials.Verdict.DENIED, judge(all, "joe"));
        assertEquals(Credentials.Verdict.DENIED, judge(all, null));
      }
    }
    String realm = OwnAnswer.unauthorized(AUTH.realm()).headers().first("WWW-Authenticate");
    assertEquals("Basic realm=\"a \\\"b\\\"\"", realm);
  }

  @Test
  void everyKindOfHashIsChecked() {
    for (String salt : List.of("$6$saltsalt", "$5$saltsalt", "$1$saltsalt", "ab")) {
      String hash = org.apache.commons.codec.digest.Crypt.crypt("secret", salt);
      assertTrue(Credentials.matches("secret", hash), salt);
      assertFalse(Credentials.matches("secrex", hash), salt);
    }
    String apr1 = org.apache.commons.codec.digest.Md5Crypt.apr1Crypt("secret", "saltsalt");
    assertTrue(Credentials.matches("secret", apr1));
    assertFalse(Credentials.matches("secret", "plain"));
  }
}
