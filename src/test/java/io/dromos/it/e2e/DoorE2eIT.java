package io.dromos.it.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed door: no stray listener, no API on public ports, only our own names in Host. */
class DoorE2eIT {
  @TempDir static Path dir;
  static Node node;
  static int servicePort;

  @BeforeAll
  static void publishAnApp() throws Exception {
    node = Node.start(dir.resolve("data"), Map.of());
    servicePort = Node.freePort();
    node.deploy(
        """
        {"id":"/shop","instances":1,"cpus":0.1,"mem":32,"cmd":"%s",
         "labels":{"HAPROXY_GROUP":"external","HAPROXY_0_VHOST":"http://Shop.Example.com/"},
         "portDefinitions":[{"port":%d,"labels":{"VIP_0":"/shop:8088"}}]}"""
            .formatted(Apps.serviceCommand(), servicePort));
    node.awaitTasks("shop", 1, Duration.ofSeconds(30));
    Await.until(
        "vhost served",
        Duration.ofSeconds(10),
        () -> raw(node.edgePort(), "GET /endpoint0", "shop.example.com").contains(" 200 "));
    Await.until(
        "service port served",
        Duration.ofSeconds(10),
        () -> raw(servicePort, "GET /endpoint0", "127.0.0.1").contains(" 200 "));
  }

  @AfterAll
  static void stop() throws IOException {
    node.close();
  }

  @Test
  void everyListenerOfTheNodeIsOnLoopbackAndAskedFor() throws IOException {
    Set<Integer> expected =
        new TreeSet<>(
            Set.of(
                node.apiPort(),
                node.dnsPort(),
                node.edgePort(),
                node.edgeTlsPort(),
                node.appIdPort(),
                node.statsPort(),
                servicePort,
                8088));
    List<String> listeners = new ArrayList<>(Listeners.of(node.pid()));
    listeners.addAll(Listeners.of(node.trafficPid()));
    for (String listener : listeners) {
      String address = listener.substring(0, listener.lastIndexOf(':'));
      int port = Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
      assertTrue(address.startsWith("127."), "not on loopback: " + listener);
      assertTrue(expected.contains(port), "nobody asked for " + listener);
    }
  }

  @Test
  void edgePortsNeverServeTheApiOrTheConsole() throws IOException {
    for (int port : List.of(node.edgePort(), node.appIdPort(), servicePort)) {
      for (String host : List.of("127.0.0.1", "localhost:" + node.apiPort(), "shop.example.com")) {
        for (String path : List.of("/v2/apps", "/v2/info", "/", "/console/routes", "/ping")) {
          String answer = raw(port, "GET " + path, host);
          assertFalse(answer.contains("\"apps\""), answer);
          assertFalse(answer.contains("marathon_config"), answer);
          assertFalse(answer.contains("<title>Dromos"), answer);
          assertTrue(
              answer.startsWith("HTTP/1.1 404")
                  || answer.startsWith("HTTP/1.1 503")
                  || answer.startsWith("HTTP/1.1 200"),
              answer);
        }
      }
    }
  }

  @Test
  void aForeignNameInHostIsMisdirected() throws IOException {
    assertTrue(raw(node.apiPort(), "GET /v2/apps", "evil.example.org").startsWith("HTTP/1.1 421"));
    assertTrue(raw(node.apiPort(), "GET /v2/apps", "127.0.0.1").startsWith("HTTP/1.1 200"));
  }

  @Test
  void aRequestFromAForeignPageCannotChangeAnything() throws IOException {
    String answer =
        raw(node.apiPort(), "DELETE /v2/apps/shop", "127.0.0.1\r\nOrigin: http://evil.example.org");
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
  }

  @Test
  void aPublicApiAddressWithoutAuthenticationIsRefusedAtStart() throws Exception {
    Process up =
        new ProcessBuilder(
                Node.java(),
                "-jar",
                Node.jar().toString(),
                "up",
                "--api-address",
                "0.0.0.0",
                "--data-dir",
                dir.resolve("public").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(up.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, up.waitFor(), printed);
    assertTrue(printed.contains("dromos.api.credentials"), printed);
    assertEquals(1, printed.strip().lines().count(), printed);
  }

  @Test
  void aSecondNodeOnTheSameDataDirectoryIsRefusedInOneLine() throws Exception {
    Process up =
        new ProcessBuilder(
                Node.java(),
                "-jar",
                Node.jar().toString(),
                "up",
                "--api-port",
                "0",
                "--data-dir",
                dir.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(up.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(up.waitFor() != 0, printed);
    assertTrue(printed.contains("in use by another node"), printed);
    assertEquals(1, printed.strip().lines().count(), printed);
  }

  @Test
  void aMisspeltSettingStopsTheStartWithTheNearestName() throws Exception {
    Process up =
        new ProcessBuilder(
                Node.java(),
                "-Ddromos.api.prot=1",
                "-jar",
                Node.jar().toString(),
                "up",
                "--data-dir",
                dir.resolve("misspelt").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(up.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(up.waitFor() != 0, printed);
    assertTrue(printed.contains("dromos.api.port"), printed);
  }

  /** One request on a connection of its own; status line, headers and body as text. */
  static String raw(int port, String requestLine, String host) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              (requestLine + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder answer = new StringBuilder();
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          answer.append(line).append('\n');
        }
      }
      return answer.toString();
    }
  }
}
