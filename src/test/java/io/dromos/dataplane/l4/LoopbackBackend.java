package io.dromos.dataplane.l4;

import io.dromos.app.AppId;
import io.dromos.routing.Backend;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server on loopback that stands for a task. */
final class LoopbackBackend implements AutoCloseable {
  /** What it does with a connection; the socket is closed afterwards. */
  interface Talk {
    void with(Socket socket) throws IOException;
  }

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name = "web.task-" + NUMBERS.incrementAndGet();
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  final AtomicInteger accepted = new AtomicInteger();

  LoopbackBackend(Talk talk) throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    Thread acceptor =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  accepted.incrementAndGet();
                  open.add(socket);
                  Thread worker = new Thread(() -> run(talk, socket), name);
                  worker.setDaemon(true);
                  worker.start();
                } catch (IOException e) {
                  return;
                }
              }
            },
            name);
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private void run(Talk talk, Socket socket) {
    try (socket) {
      talk.with(socket);
    } catch (IOException e) {
      // The test sees the connection end.
    } finally {
      open.remove(socket);
    }
  }

  /** Sends back what it gets until the end of input. */
  static LoopbackBackend echo() throws IOException {
    return new LoopbackBackend(
        socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
  }

  Backend as(Backend.State state) {
    return new Backend(
        new TaskId(name), new AppId("/web"), "node", "127.0.0.1", server.getLocalPort(), state);
  }

  Backend active() {
    return as(Backend.State.ACTIVE);
  }

  /** Stops listening; established connections go on. */
  void stopListening() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
