package io.dromos.dataplane.http;

import io.dromos.routing.Backend;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real HTTP/1.1 server on loopback, with the manners and the bad manners of real ones. */
final class LoopbackBackend implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicLong bodyBytes = new AtomicLong();
  final CountDownLatch held = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final List<String> heads = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
  private final String name;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
  private volatile boolean rudeOnReuse;

  LoopbackBackend(String name) throws IOException {
    this.name = name;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  private void thread(Runnable body) {
    Thread thread = new Thread(body, "backend-" + name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  Backend backend() {
    return Snapshots.active(name, server.getLocalPort());
  }

  Backend backend(Backend.State state) {
    return Snapshots.backend(name, server.getLocalPort(), state);
  }

  /** Closes each connection when its second request comes, without an answer. */
  LoopbackBackend rudeOnReuse() {
    rudeOnReuse = true;
    return this;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        open.add(socket);
        if (server.isClosed()) {
          // Accepted while it was being closed: nobody else would end it.
          socket.close();
          return;
        }
        thread(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      int served = 0;
      while (true) {
        String head = readHead(in);
        if (head.isEmpty() || (rudeOnReuse && served > 0)) {
          return;
        }
        heads.add(head);
        requests.incrementAndGet();
        served++;
        if (!answer(head, in, out)) {
          return;
        }
        out.flush();
      }
    } catch (IOException | UncheckedIOException e) {
      // The other side left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }

  static Map<String, String> lines(String head) {
    Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : head.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return lines;
  }

  private boolean answer(String head, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String target = head.split(" ")[1];
    String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
    long number =
        target.contains("?") ? Long.parseLong(target.substring(target.indexOf('?') + 1)) : 0;
    Map<String, String> lines = lines(head);
    switch (path) {
      case "/name" -> text(out, name);
      case "/head" -> text(out, head);
      case "/close-after" -> {
        ascii(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        out.flush();
        return false;
      }
      case "/until-close" -> {
        ascii(out, "HTTP/1.0 200 OK\r\n\r\nto the end");
        out.flush();
        return false;
      }
      case "/no-answer" -> {
        return false;
      }
      case "/cut" -> {
        ascii(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        out.flush();
        return false;
      }
      case "/garbage" -> {
        ascii(out, "what?\r\n\r\n");
        out.flush();
        return false;
      }
      case "/hold" -> {
        held.countDown();
        release.await();
        text(out, name);
      }
      case "/big" -> big(out, number, false);
      case "/big-chunked" -> big(out, number, true);
      case "/count" -> {
        long count = readBody(lines, in, null);
        text(out, Long.toString(count));
      }
      case "/wait-count" -> {
        release.await();
        text(out, Long.toString(readBody(lines, in, null)));
      }
      case "/echo" -> {
        ascii(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
        out.flush();
        readBody(lines, in, out);
        ascii(out, "0\r\nX-Sum: done\r\n\r\n");
      }
      case "/continue" -> {
        ascii(out, "HTTP/1.1 100 Continue\r\n\r\n");
        out.flush();
        text(out, Long.toString(readBody(lines, in, null)));
      }
      case "/no-continue" -> ascii(out, "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
      case "/none" -> ascii(out, "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
      case "/ws" -> {
        ascii(
            out,
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "\r\nhello from "
                + name
                + "\n");
        out.flush();
        for (int b = in.read(); b >= 0; b = in.read()) {
          out.write(b);
          if (in.available() == 0) {
            out.flush();
          }
        }
        out.flush();
        return false;
      }
      default -> ascii(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    return true;
  }

  private void text(OutputStream out, String text) throws IOException {
    ascii(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
            + text.length()
            + "\r\n\r\n"
            + text);
  }

  private static void big(OutputStream out, long size, boolean chunked) throws IOException {
    ascii(
        out,
        "HTTP/1.1 200 OK\r\n"
            + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + size)
            + "\r\n\r\n");
    byte[] block = new byte[64 * 1024];
    for (long left = size; left > 0; ) {
      int now = (int) Math.min(block.length, left);
      if (chunked) {
        ascii(out, Integer.toHexString(now) + "\r\n");
      }
      out.write(block, 0, now);
      if (chunked) {
        ascii(out, "\r\n");
      }
      left -= now;
    }
    if (chunked) {
      ascii(out, "0\r\n\r\n");
    }
  }

  /** Reads a body by its framing, echoing payload as chunks where asked to. */
  private long readBody(Map<String, String> lines, InputStream in, OutputStream echo)
      throws IOException {
    long total = 0;
    if (lines.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      while (true) {
        int size = Integer.parseInt(line(in), 16);
        if (size == 0) {
          for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
            heads.add("trailer " + trailer);
          }
          return total;
        }
        byte[] chunk = in.readNBytes(size);
        line(in);
        total += chunk.length;
        bodyBytes.addAndGet(chunk.length);
        if (echo != null) {
          ascii(echo, Integer.toHexString(size) + "\r\n");
          echo.write(chunk);
          ascii(echo, "\r\n");
          echo.flush();
        }
      }
    }
    long left = Long.parseLong(lines.getOrDefault("Content-Length", "0"));
    byte[] block = new byte[64 * 1024];
    while (left > 0) {
      int count = in.read(block, 0, (int) Math.min(block.length, left));
      if (count < 0) {
        throw new IOException("cut");
      }
      total += count;
      bodyBytes.addAndGet(count);
      left -= count;
      if (echo != null) {
        ascii(echo, Integer.toHexString(count) + "\r\n");
        echo.write(block, 0, count);
        ascii(echo, "\r\n");
      }
    }
    return total;
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("cut");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** As a kill would: the port refuses, open connections are reset. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (java.net.SocketException e) {
        // Its own thread closed it between the two.
      }
    }
    release.countDown();
  }
}
