package io.dromos.routing;

import static io.dromos.routing.Scene.edgeApp;
import static io.dromos.routing.Scene.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeLabelsTest {
  private static AppSpec app(String name, String value) {
    Map<String, String> labels = new HashMap<>();
    labels.put("HAPROXY_GROUP", "external");
    labels.put("HAPROXY_0_VHOST", "a.b");
    labels.put(name, value);
    return edgeApp("/one", labels, port(10000));
  }

  private static List<String> refused(AppSpec app, boolean strict) {
    return LabelCheck.rules(strict).check(app, Set.of("node.example.com")).stream()
        .map(Violation::path)
        .distinct()
        .toList();
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HAPROXY_0_VHOST                          | a b
          HAPROXY_0_VHOST                          | good.example.com,*
          HAPROXY_0_PATH                           | api
          HAPROXY_0_PATH                           | -m end /x
          HAPROXY_0_BACKEND_WEIGHT                 | heavy
          HAPROXY_0_AUTH                           | realm:user
          HAPROXY_0_AUTH                           | realm:user:plain
          HAPROXY_0_AUTH                           | r:u:$6$rounds=99999999$salt$aaaa
          HAPROXY_0_MODE                           | health
          HAPROXY_0_BALANCE                        | fastest
          HAPROXY_0_BALANCE                        | url_param
          HAPROXY_0_PORT                           | 70000
          HAPROXY_0_BIND_ADDR                      | example.com
          HAPROXY_0_SSL_CERT                       | ''
          HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH    | /(a
          HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH     | here
          HAPROXY_0_HTTP_BACKEND_REDIR             | javascript:x
          HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL    | 10.0.0.0/33
          HAPROXY_0_BACKEND_HEALTHCHECK_PORT_INDEX | 1
          HAPROXY_DEPLOYMENT_GROUP                 | ''
          HAPROXY_DEPLOYMENT_STARTED_AT            | yesterday
          HAPROXY_DEPLOYMENT_NEW_INSTANCES         | 3
          """)
  void aMalformedValueIsRefusedByName(String label, String value) {
    assertEquals(List.of("/labels/" + label), refused(app(label, value), false));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HAPROXY_0_VHOST                       | http://A.example.com/, *.b.example.com
          HAPROXY_0_PATH                        | -i /Foo /bar
          HAPROXY_0_BACKEND_WEIGHT              | -5
          HAPROXY_0_ENABLED                     | 1
          HAPROXY_0_AUTH                        | r:u:$apr1$abcdefgh$0123456789012345678901
          HAPROXY_0_BALANCE                     | hdr(X-User)
          HAPROXY_0_BALANCE                     | url_param session
          HAPROXY_0_BIND_ADDR                   | ::1
          HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH | '/v[0-9]+/(app|web)'
          HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL | 10.0.0.0/8 fd00::/8 192.168.7.1
          HAPROXY_DEPLOYMENT_STARTED_AT         | 2026-01-31T12:00:00.123456
          """)
  void whatMeansSomethingIsTakenEvenStrictly(String label, String value) {
    assertEquals(List.of(), refused(app(label, value), true));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HAPROXY_0_USERLIST_HEAD          | userlist x
          HAPROXY_0_FRONTEND_HEAD          | frontend y
          HAPROXY_0_BACKEND_SERVER_OPTIONS | server {serverName} {host_ipv4}:{port} send-proxy
          HAPROXY_0_NO_SUCH                | x
          HAPROXY_VHOST                    | a.b
          HAPROXY_7_VHOST                  | a.b
          """)
  void whatHasNoEffectIsRefusedStrictlyAndElseReported(String label, String value) {
    AppSpec app = app(label, value);
    assertEquals(List.of(), refused(app, false));
    assertEquals(List.of("/labels/" + label), refused(app, true));
    assertTrue(LabelCheck.of(app).containsKey(label));
  }

  @Test
  void aTemplateMayNotClaimANameOfTheApi() {
    String acl = "acl x hdr_end(host) -i .example.com\n  use_backend {backend} if x";
    assertEquals(
        List.of("/labels/HAPROXY_0_HTTP_FRONTEND_ACL"),
        refused(app("HAPROXY_0_HTTP_FRONTEND_ACL", acl), false));
    assertEquals(
        List.of("*.example.com"),
        new EdgeLabels(app("HAPROXY_0_HTTP_FRONTEND_ACL", acl), 0).vhosts());
  }

  @Test
  void aBrokenGuardOpensNothing() {
    assertEquals(List.of(), new EdgeLabels(app("HAPROXY_0_AUTH", "r:u:plain"), 0).vhosts());
    EdgeLabels networks = new EdgeLabels(app("HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL", "x"), 0);
    assertFalse(networks.opensAnything());
    assertFalse(new EdgeLabels(app("HAPROXY_0_BIND_ADDR", "x"), 0).opensServicePort());
  }

  @Test
  void thePageNamesEveryLabelAndWhatBecomesOfIt() throws IOException {
    Pattern row = Pattern.compile("\\| `HAPROXY_(n_)?(\\w+)` \\| ([a-z ]+) \\|.*");
    Set<String> page = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("src/site/markdown/edge-labels.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        page.add(
            (matcher.group(1) == null ? "" : "n_") + matcher.group(2) + " " + matcher.group(3));
      }
    }
    Set<String> code = new TreeSet<>();
    for (EdgeLabel label : EdgeLabel.values()) {
      String word = label.support().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      if (label.scope() != EdgeLabel.Scope.PORT) {
        code.add(label.name() + " " + word);
      }
      if (label.scope() != EdgeLabel.Scope.APP) {
        code.add("n_" + label.name() + " " + word);
      }
    }
    assertEquals(code, page);
  }

  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /app            | /app/x    | 4
          /app            | /ap       | -1
          /APP            | /apple    | 4
          '/v[0-9]+/(a|b)?' | /v12/bc   | 6
          /.*x            | /axbxc    | 5
          /\\d{2,3}       | /1234     | 4
          /a\\.b          | /aXb      | -1
          (a*)*b          | aaaab     | 5
          """)
  void patternsMatchTheLongestPrefix(String pattern, String text, int end) {
    assertEquals(end, LinePattern.parse(pattern).longestPrefix(text));
  }

  @Test
  void noPatternIsSlowToBuildOrToMatch() {
    LinePattern hostile = LinePattern.parse("(a+)+(a|aa)*(a?){8}$");
    assertFalse(hostile.find("a".repeat(20_000) + "!"));
    List<String> bad =
        new ArrayList<>(List.of("(", ")", "[a", "a{2", "*", "(?=a)", "\\1", "[b-a]"));
    bad.add("((((){64}){64}){64}){64}");
    bad.add("(((a{64}){64}){64}){64}");
    for (String each : bad) {
      assertThrows(IllegalArgumentException.class, () -> LinePattern.parse(each), each);
    }
  }

  @Test
  void networksKnowTheirOwn() {
    ClientNetworks networks =
        ClientNetworks.parse(List.of("10.0.0.0/9", "192.168.7.1", "fd00::/8"));
    for (String in :
        List.of("10.127.0.1", "192.168.7.1", "::ffff:10.0.0.1", "fdab:0:0:0:0:0:0:1")) {
      assertTrue(networks.contains(in), in);
    }
    for (String out : List.of("10.128.0.1", "192.168.7.2", "fe80::1", "unknown", "")) {
      assertFalse(networks.contains(out), out);
    }
  }
}
