package io.dromos.it.e2e.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What health and readiness checks ask, in the test's own hands: it answers every path with the
 * status that the test wants. Its port is one that the node gives to tasks.
 */
final class Probed implements AutoCloseable {
  private static final int FIRST = 33900;
  private static final int LAST = 33999;

  private final HttpServer server;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private volatile int status = 200;

  Probed() throws IOException {
    this(freePort());
  }

  Probed(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A port of the node's that nobody listens on. */
  static int freePort() throws IOException {
    for (int port = FIRST; port <= LAST; port++) {
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // Somebody else's: the next one.
      }
    }
    throw new IOException("no free port in " + FIRST + "-" + LAST);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.merge(exchange.getRequestURI().getPath(), 1, Integer::sum);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  void status(int wanted) {
    status = wanted;
  }

  /** How often a path was asked for. */
  int count(String path) {
    return asked.getOrDefault(path, 0);
  }

  /** Refuses connections from now on. */
  void stop() {
    server.stop(0);
  }

  @Override
  public void close() {
    stop();
  }
}
