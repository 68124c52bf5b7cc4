package io.dromos.it.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input and bad luck: a clear answer, a reason a user can read, and nothing lost. */
class TroubleE2eIT {
  @TempDir static Path dir;
  static Node node;

  @BeforeAll
  static void start() throws IOException {
    node = Node.start(dir.resolve("data"), Map.of());
  }

  @AfterAll
  static void stop() throws IOException {
    node.close();
  }

  @Test
  void malformedJsonIs400() throws Exception {
    HttpResponse<String> answer = node.send("POST", "/v2/apps", "{\"id\":");
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("Invalid JSON"), answer.body());
  }

  @Test
  void wrongTypesAndMeaningsAre422WithAPathPerError() throws Exception {
    HttpResponse<String> type = node.send("POST", "/v2/apps", "{\"id\":\"/x\",\"cpus\":\"much\"}");
    assertEquals(422, type.statusCode(), type.body());
    assertTrue(type.body().contains("/cpus"), type.body());
    HttpResponse<String> meaning =
        node.send(
            "POST",
            "/v2/apps",
            """
            {"id":"/UPPER","cmd":"sleep 1","portDefinitions":[{"labels":{"VIP_0":"nonsense"}}]}""");
    assertEquals(422, meaning.statusCode(), meaning.body());
    assertTrue(meaning.body().contains("/id"), meaning.body());
    assertTrue(meaning.body().contains("/portDefinitions(0)/labels/VIP_0"), meaning.body());
  }

  @Test
  void anUnknownAppIs404() throws Exception {
    HttpResponse<String> answer = node.get("/v2/apps/nothing/here");
    assertEquals(404, answer.statusCode());
    assertEquals("{\"message\":\"App '/nothing/here' does not exist\"}", answer.body());
  }

  @Test
  void anAppThatNoAgentHasMemoryForWaitsAndSaysSo() throws Exception {
    node.deploy("{\"id\":\"/huge\",\"cmd\":\"sleep 100\",\"mem\":9000000}");
    JsonNode entry = awaitQueued("/huge");
    assertEquals(1, entry.path("count").asInt());
    assertTrue(why("huge").contains("memory"), why("huge"));
    HttpResponse<String> locked = node.send("PUT", "/v2/apps/huge", "{\"instances\":2}");
    assertEquals(409, locked.statusCode(), locked.body());
    assertTrue(locked.body().contains("\"deployments\":[{\"id\":"), locked.body());
    String deployment = node.json("/v2/deployments").path(0).path("id").asText();
    assertTrue(locked.body().contains(deployment), locked.body());
    Node.Output shown = node.cli("marathon", "app", "show", "/huge");
    assertTrue(shown.text().contains("memory"), shown.text());
    assertEquals(200, node.send("DELETE", "/v2/apps/huge", "").statusCode());
  }

  @Test
  void aCommandThatExitsAtOnceBacksOffAndSaysWhy() throws Exception {
    node.deploy(
        "{\"id\":\"/crash\",\"cmd\":\"echo going down >&2; exit 3\",\"mem\":16,\"backoffSeconds\":5}");
    JsonNode failure =
        Await.value(
            "lastTaskFailure",
            Duration.ofSeconds(15),
            () -> {
              JsonNode seen = node.json("/v2/apps/crash").path("app").path("lastTaskFailure");
              return seen.isMissingNode() ? null : seen;
            });
    assertEquals("TASK_FAILED", failure.path("state").asText());
    assertTrue(failure.path("message").asText().contains("3"), failure.toString());
    Await.until(
        "delayed",
        Duration.ofSeconds(10),
        () -> !awaitQueued("/crash").path("delay").path("overdue").asBoolean(true));
    assertTrue(why("crash").contains("3"), why("crash"));
    node.send("DELETE", "/v2/apps/crash", "");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      int port = taken.getLocalPort();
      node.deploy(
          """
          {"id":"/taken","cmd":"sleep 100","mem":16,"requirePorts":true,
           "portDefinitions":[{"port":%d}]}"""
              .formatted(port));
      Await.until(
          "reason names the port",
          Duration.ofSeconds(15),
          () -> why("taken").contains(String.valueOf(port)));
      node.send("DELETE", "/v2/apps/taken", "");
    }
  }

  @Test
  void aReaderThatStopsReadingIsCutOffAndOthersGetEverything() throws Exception {
    try (Socket stopped = new Socket();
        Socket reading = new Socket("127.0.0.1", node.apiPort())) {
      stopped.setReceiveBufferSize(2_048);
      stopped.connect(new InetSocketAddress("127.0.0.1", node.apiPort()));
      String request =
          "GET /v2/events HTTP/1.1\r\nHost: 127.0.0.1:"
              + node.apiPort()
              + "\r\nAccept: text/event-stream\r\n\r\n";
      reading.getOutputStream().write(request.getBytes(UTF_8));
      reading.setSoTimeout(15_000);
      List<Long> ids = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger posts = new AtomicInteger();
      AtomicInteger detached = new AtomicInteger();
      Thread reader =
          new Thread(
              () -> {
                try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(reading.getInputStream(), UTF_8))) {
                  for (String line = ""; line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                      ids.add(Long.valueOf(line.substring(4)));
                    } else if (line.equals("event: api_post_event")) {
                      posts.incrementAndGet();
                    } else if (line.equals("event: event_stream_detached")) {
                      detached.incrementAndGet();
                    }
                  }
                } catch (IOException e) {
                  // The test is over and has closed the socket.
                }
              });
      reader.start();
      stopped.getOutputStream().write(request.getBytes(UTF_8));
      // More than the sockets of both sides and the server's queue hold.
      for (int i = 0; i < 60; i++) {
        String app =
            "{\"id\":\"/big\",\"cmd\":\"sleep 1\",\"instances\":0,\"env\":{\"X\":\"%s\"}}"
                .formatted(i + "x".repeat(200_000));
        HttpResponse<String> answer = node.send("PUT", "/v2/apps/big?force=true", app);
        assertEquals(2, answer.statusCode() / 100, answer.body());
      }
      Await.until("others are served", Duration.ofSeconds(20), () -> posts.get() == 60);
      Await.until("it is cut off", Duration.ofSeconds(60), () -> detached.get() == 1);
      List<Long> seen = List.copyOf(ids);
      for (int i = 1; i < seen.size(); i++) {
        assertEquals(seen.get(i - 1) + 1, seen.get(i), "without gaps and in order");
      }
    }
    node.send("DELETE", "/v2/apps/big", "");
  }

  private static String why(String app) throws IOException, InterruptedException {
    return node.get("/console/why/" + app).body();
  }

  private static JsonNode awaitQueued(String id) {
    return Await.value(
        id + " in the queue",
        Duration.ofSeconds(15),
        () -> {
          for (JsonNode entry : node.json("/v2/queue").path("queue")) {
            if (entry.path("app").path("id").asText().equals(id)) {
              return entry;
            }
          }
          return null;
        });
  }
}
