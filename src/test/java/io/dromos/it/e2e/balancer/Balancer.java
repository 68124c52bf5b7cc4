package io.dromos.it.e2e.balancer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.it.e2e.Await;
import io.dromos.it.e2e.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The node under test as clients of its edge and of its statistics see it. */
final class Balancer {
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Node node;
  private final AtomicInteger reads = new AtomicInteger();

  Balancer(Node node) {
    this.node = node;
  }

  /**
   * What came back over one connection.
   *
   * @param status 0 when the connection was refused or closed without a word
   */
  record Reply(int status, String head, String body) {
    static final Reply NOTHING = new Reply(0, "", "");

    /** Name of the app that answered: the first line of what the echo says. */
    String app() {
      return status == 200 ? body.lines().findFirst().orElse("") : "";
    }

    /** Values of a header as the backend saw it. */
    List<String> seen(String name) {
      return body.lines()
          .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .toList();
    }
  }

  Node node() {
    return node;
  }

  /** Subscribes to events that never come, and remembers when something comes all the same. */
  void listenForHeartbeats() {
    Thread listener =
        new Thread(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.apiPort())) {
                String request =
                    "GET /v2/events?event_type=none HTTP/1.1\r\nHost: 127.0.0.1:"
                        + node.apiPort()
                        + "\r\nAccept: text/event-stream\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                byte[] some = new byte[8192];
                for (int n = 1; n > 0 && reads.get() < 3; ) {
                  n = socket.getInputStream().read(some);
                  reads.incrementAndGet();
                }
              } catch (IOException e) {
                reads.set(Integer.MIN_VALUE);
              }
            },
            "heartbeats");
    listener.setDaemon(true);
    listener.start();
  }

  /** Pieces of the stream that came: its head, and heartbeats. */
  int reads() {
    return reads.get();
  }

  /** A request to the vhost port. */
  Reply vhost(String host, String path) {
    return send(node.edgePort(), "GET", path, "Host: " + host);
  }

  /** A request of its own connection to any port. */
  Reply send(int port, String method, String path, String... headers) {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return raw(port, request.append("Connection: close\r\n\r\n").toString());
  }

  Reply raw(int port, String bytes) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(all);
      String text = all.toString(StandardCharsets.UTF_8);
      int end = text.indexOf("\r\n\r\n");
      return end < 0
          ? Reply.NOTHING
          : new Reply(
              Integer.parseInt(text.substring(9, 12)),
              text.substring(0, end),
              text.substring(end + 4));
    } catch (IOException e) {
      return Reply.NOTHING;
    }
  }

  /** What the statistics answer under a path. */
  Reply stats(String path) {
    return send(node.statsPort(), "GET", path, "Host: 127.0.0.1");
  }

  /** Lines of the CSV as maps by column. */
  List<Map<String, String>> rows() {
    List<String> lines = stats("/haproxy?stats;csv").body().lines().toList();
    List<String> names = Arrays.asList(lines.get(0).substring(2).split(","));
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), values[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Servers of a service. */
  List<Map<String, String>> servers(String service) {
    return rows().stream()
        .filter(row -> row.get("pxname").equals(service) && row.get("type").equals("2"))
        .toList();
  }

  JsonNode app(String id) {
    try {
      return node.json("/v2/apps/" + id).path("app");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(id, e);
    }
  }

  /** Service port of the app's n-th port. */
  int port(String id, int index) {
    return app(id).path("portDefinitions").path(index).path("port").asInt();
  }

  /** Marathon-lb's name of the app's first service. */
  String service(String id) {
    return id + "_" + port(id, 0);
  }

  /** Waits until a request gets what is wanted. */
  Reply await(String what, Function<Balancer, Reply> request, Function<Reply, Boolean> wanted) {
    return Await.value(
        what,
        LIMIT,
        () -> {
          Reply reply = request.apply(this);
          return wanted.apply(reply) ? reply : null;
        });
  }
}
