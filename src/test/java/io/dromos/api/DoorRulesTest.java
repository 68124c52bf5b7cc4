package io.dromos.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorRulesTest {
  private static final String LOOPBACK = "127.0.0.1";
  private static final NodeInfo NODE =
      new NodeInfo("n1", "10.0.0.5", "10.0.0.5:8080", List.of("master"), Path.of("/"), "1");
  private static final DoorRules OPEN =
      new DoorRules(DoorFilter.ownNames(Settings.of(Map.of()), NODE), null, false);
  private static final DoorRules LOCKED =
      new DoorRules(List.of("localhost"), "admin:open sesame", false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:8080",
        "LOCALHOST:1",
        "localhost.",
        "[::1]",
        "[::1]:8080",
        "n1",
        "10.0.0.5:8080"
      })
  void answersToItsOwnNamesOnAnyPort(String host) {
    assertNull(OPEN.decide(get("/v2/apps", host)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example.org", "127.0.0.1.evil.org", "", "[::2]", "n1 x", "[::1"})
  void anotherNameIsMisdirectedAndTold(String host) {
    DoorRules.Refusal refusal = OPEN.decide(get("/v2/apps", host));
    assertNotNull(refusal);
    assertEquals(421, refusal.status());
    assertTrue(refusal.message().contains("127.0.0.1, ::1, localhost, n1"), refusal.message());
  }

  @Test
  void theHostsSettingAddsNames() {
    Settings settings = Settings.of(Map.of(Setting.API_HOSTS.key(), "dromos.lan, other"));
    DoorRules rules = new DoorRules(DoorFilter.ownNames(settings, NODE), null, false);
    assertNull(rules.decide(get("/", "dromos.lan:80")));
    assertNull(rules.decide(get("/", "other")));
  }

  @Test
  void aWildcardAddressAnswersToTheMachinesAddressesOnly() {
    Settings settings = Settings.of(Map.of(Setting.API_ADDRESS.key(), "0.0.0.0"));
    DoorRules rules = new DoorRules(DoorFilter.ownNames(settings, NODE), null, false);
    assertNull(rules.decide(get("/", "127.0.0.1")));
    assertNotNull(rules.decide(get("/", "0.0.0.0")));
  }

  @Test
  void twoHostHeadersAreRefused() {
    DoorRules.Refusal refusal =
        OPEN.decide(
            new DoorRules.Request(
                "GET", "/", List.of("localhost", "evil"), null, null, null, LOOPBACK));
    assertNotNull(refusal);
    assertEquals(400, refusal.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/apps/../leader",
        "/v2/./apps",
        "/v2/apps/a%2F..%2Fb",
        "/%2e%2e/x",
        "/a/..;x=1/b",
        "/a/%zz",
        "/..",
        "/a\\..\\b"
      })
  void pathsThatClimbAreRefused(String uri) {
    DoorRules.Refusal refusal = OPEN.decide(get(uri, "localhost"));
    assertNotNull(refusal);
    assertEquals(400, refusal.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/apps//sise", "/v2/apps/%2Fsise", "/v2/apps/*", "/a.b/..c", "/a+b"})
  void pathsOfMarathonClientsPass(String uri) {
    assertNull(OPEN.decide(get(uri, "localhost")));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, http://localhost:8080, , true",
    "POST, http://LOCALHOST:8080, same-origin, true",
    "POST, , none, true",
    "POST, , , true",
    "DELETE, http://evil.example.org, , false",
    "DELETE, http://localhost:10010, , false",
    "PUT, null, , false",
    "PATCH, , cross-site, false",
    "POST, , same-site, false",
    "FROB, http://evil.example.org, , false",
    "GET, http://evil.example.org, cross-site, true",
    "HEAD, http://evil.example.org, cross-site, true",
  })
  void onlyOurOwnPagesChangeAnything(
      String method, @Nullable String origin, @Nullable String site, boolean passes) {
    DoorRules.Refusal refusal =
        OPEN.decide(
            new DoorRules.Request(
                method, "/v2/apps", List.of("localhost:8080"), origin, site, null, LOOPBACK));
    assertEquals(passes ? 0 : 403, refusal == null ? 0 : refusal.status());
  }

  @Test
  void anOriginWithoutPortMeansTheDefaultPort() {
    DoorRules rules = new DoorRules(List.of("dromos.lan"), null, false);
    assertNull(
        rules.decide(
            new DoorRules.Request(
                "POST", "/", List.of("dromos.lan"), "https://dromos.lan", null, null, LOOPBACK)));
    assertNull(
        rules.decide(
            new DoorRules.Request(
                "POST", "/", List.of("dromos.lan:80"), "http://dromos.lan", null, null, LOOPBACK)));
  }

  @Test
  void credentialsOpenTheDoor() {
    assertNull(LOCKED.decide(with("/v2/apps", basic("admin:open sesame"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin:", "admin:open", "admin:open sesame!", ":", "root:open sesame"})
  void otherCredentialsDont(String pair) {
    DoorRules.Refusal refusal = LOCKED.decide(with("/v2/apps", basic(pair)));
    assertNotNull(refusal);
    assertEquals(401, refusal.status());
    assertTrue(refusal.challenge());
  }

  @Test
  void nonsenseForCredentialsIsRefusedToo() {
    for (String header : new String[] {null, "", "Basic", "Basic !!", "token=abc", "Bearer x"}) {
      DoorRules.Refusal refusal = LOCKED.decide(with("/", header));
      assertNotNull(refusal, header);
      assertEquals(401, refusal.status());
    }
  }

  @Test
  void probesNeedNoCredentialsButStillOurName() {
    assertNull(LOCKED.decide(with("/ping", null)));
    assertNull(LOCKED.decide(with("/health/ready", null)));
    assertNotNull(LOCKED.decide(with("/ping/x", null)));
    DoorRules.Refusal foreign = LOCKED.decide(get("/ping", "evil.example.org"));
    assertNotNull(foreign);
    assertEquals(421, foreign.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.200.1.2", "::1", "0:0:0:0:0:0:0:1"})
  void withoutPasswordTheLoopbackIsServed(String address) {
    assertNull(OPEN.decide(arriving("/v2/apps", "localhost", address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.5", "0.0.0.0", "2001:db8::5", "fe80::1%eth0", "localhost", "", "::g"})
  void withoutPasswordNothingElseIs(String address) {
    DoorRules.Refusal refusal = OPEN.decide(arriving("/v2/apps", "10.0.0.5:8080", address));
    assertNotNull(refusal);
    assertEquals(403, refusal.status());
    assertTrue(refusal.message().contains("dromos.api.credentials"), refusal.message());
  }

  @Test
  void anUnknownAddressIsNotTakenForLoopback() {
    assertNotNull(OPEN.decide(arriving("/v2/apps", "localhost", null)));
  }

  @Test
  void probesOfHealthAreAnsweredOnEveryAddress() {
    assertNull(OPEN.decide(arriving("/ping", "10.0.0.5:8080", "10.0.0.5")));
    assertNull(OPEN.decide(arriving("/health/ready", "10.0.0.5:8080", "10.0.0.5")));
  }

  @Test
  void aPasswordOrTheWordForDoingWithoutServesEveryAddress() {
    DoorRules insecure = new DoorRules(List.of("10.0.0.5"), null, true);
    assertNull(insecure.decide(arriving("/v2/apps", "10.0.0.5:8080", "10.0.0.5")));
    DoorRules.Refusal refusal = LOCKED.decide(arriving("/v2/apps", "localhost", "10.0.0.5"));
    assertNotNull(refusal);
    assertEquals(401, refusal.status());
  }

  private static DoorRules.Request arriving(String uri, String host, @Nullable String address) {
    return new DoorRules.Request("GET", uri, List.of(host), null, null, null, address);
  }

  private static DoorRules.Request get(String uri, String host) {
    return new DoorRules.Request("GET", uri, List.of(host), null, null, null, LOOPBACK);
  }

  private static DoorRules.Request with(String uri, @Nullable String authorization) {
    return new DoorRules.Request(
        "GET", uri, List.of("localhost"), null, null, authorization, LOOPBACK);
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
