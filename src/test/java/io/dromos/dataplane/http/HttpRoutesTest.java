package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.Snapshots.active;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dromos.app.AppId;
import io.dromos.dataplane.stats.Meter;
import io.dromos.routing.Backend;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.ServicePort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRoutesTest {
  private static final String SISE = "sise.marathon.l4lb.thisdcos.directory";

  private final RoutingSnapshot snapshot =
      aSnapshot()
          .vip(SISE, 80, active("a", 1))
          .vip(SISE, 9000, active("b", 2))
          .vip("localhost", 80, active("evil", 3))
          .vhost("shop.example.com", "/api", active("c", 4))
          .vhost("shop.example.com", null, active("d", 5))
          .vhost("shop.example.com", "/never", active("e", 6))
          .vhost("paths.example.com", "/only", active("f", 7))
          .port(10010, ServicePort.Mode.TCP, active("g", 8))
          .port(10010, ServicePort.Mode.HTTP, active("h", 9))
          .build();
  private final HttpRoutes routes =
      HttpRoutes.of(
          snapshot,
          new HttpRoutes.Books() {
            @Override
            public BackendLoad loadOf(Backend backend) {
              return new BackendLoad(Meter.of(1));
            }

            @Override
            public Meter meterOf(String route, @Nullable AppId app, String service) {
              return Meter.detailed(1, ProxyOutcome.values().length);
            }
          });

  private static final HeaderRewrite.Origin PLAIN =
      new HeaderRewrite.Origin("127.0.0.1", 80, false);

  private static RequestHead get(String host, String target) throws MalformedMessageException {
    return RequestHead.of("GET", target, 1, Headers.of("Host", host));
  }

  private static String text(RouteDecision decision) {
    if (decision instanceof RouteDecision.Found found) {
      return String.valueOf(found.frontend().targets().get(0).backend().port());
    }
    return decision instanceof RouteDecision.Nowhere nowhere ? nowhere.sentence() : "not ours";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shop.example.com      | /              | 5
          Shop.Example.COM:8000 | /x             | 5
          shop.example.com.     | /x             | 5
          shop.example.com      | /api           | 4
          shop.example.com      | /apix          | 4
          shop.example.com      | /API           | 5
          shop.example.com      | /never         | 5
          paths.example.com     | /only/this     | 7
          paths.example.com     | /              | no app is published under this path of the host
          sub.shop.example.com  | /              | no app is published under this host name
          127.0.0.1             | /v2/apps       | no app is published under this host name
          """)
  void theEdgeKnowsVhostsInOrderAndNothingElse(String host, String path, String expected)
      throws MalformedMessageException {
    assertEquals(expected, text(routes.vhost(get(host, path), PLAIN, null, 443)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sise.marathon.l4lb.thisdcos.directory      | 1
          sise.marathon.l4lb.thisdcos.directory:80   | 1
          SISE.marathon.l4lb.thisdcos.directory.:80  | 1
          sise.marathon.l4lb.thisdcos.directory:9000 | 2
          sise.marathon.l4lb.thisdcos.directory:81   | VIP sise.marathon.l4lb.thisdcos.directory has no port 81; it has 80, 9000
          none.marathon.l4lb.thisdcos.directory      | no VIP none.marathon.l4lb.thisdcos.directory on this cluster
          shop.example.com:8080                      | 5
          paths.example.com                          | no app is published under this path of the host
          localhost                                  | not ours
          127.0.0.1:8080                             | not ours
          node.example.com                           | not ours
          """)
  void theServletProxyKnowsVipNamesToo(String host, String expected)
      throws MalformedMessageException {
    assertEquals(expected, text(routes.named(get(host, "/"), PLAIN)));
  }

  @org.junit.jupiter.api.Test
  void ofTwoServicesOnOnePortTheFirstWins() {
    HttpRoutes.Entry entry = routes.servicePort(10010);
    assertEquals(ServicePort.Mode.TCP, entry.mode());
    assertEquals("service port 10010", entry.frontend().name());
  }
}
