package io.dromos.dataplane.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes a test wants and reads one answer at a time. */
final class RawClient implements AutoCloseable {
  final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** What came back; the body is decoded. */
  record Answer(String head, String body, String trailers) {
    int status() {
      return Integer.parseInt(head.split(" ")[1]);
    }

    Map<String, String> lines() {
      return LoopbackBackend.lines(head);
    }
  }

  RawClient(int port) throws IOException {
    this(connected(port));
  }

  /** Over a connection that exists, such as one under TLS. */
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    out = socket.getOutputStream();
  }

  private static Socket connected(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
    socket.setSoTimeout(20_000);
    return socket;
  }

  RawClient send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return this;
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  RawClient get(String host, String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  Answer answer() throws IOException {
    return answer("GET");
  }

  Answer answer(String method) throws IOException {
    String head = LoopbackBackend.readHead(in);
    if (head.isEmpty()) {
      throw new IOException("closed without an answer");
    }
    Map<String, String> lines = LoopbackBackend.lines(head);
    int status = Integer.parseInt(head.split(" ")[1]);
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return new Answer(head, "", "");
    }
    if (lines.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = chunk(); size > 0; size = chunk()) {
        body.write(in.readNBytes(size));
        LoopbackBackend.line(in);
      }
      StringBuilder trailers = new StringBuilder();
      for (String line = LoopbackBackend.line(in);
          !line.isEmpty();
          line = LoopbackBackend.line(in)) {
        trailers.append(line).append('\n');
      }
      return new Answer(head, body.toString(StandardCharsets.ISO_8859_1), trailers.toString());
    }
    if (lines.containsKey("Content-Length")) {
      int length = Integer.parseInt(lines.get("Content-Length"));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new IOException("cut after " + body.length + " of " + length);
      }
      return new Answer(head, new String(body, StandardCharsets.ISO_8859_1), "");
    }
    return new Answer(head, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1), "");
  }

  private int chunk() throws IOException {
    return Integer.parseInt(LoopbackBackend.line(in), 16);
  }

  /** Reads the head, then counts the body's bytes without keeping them. */
  long countBody() throws IOException {
    Map<String, String> lines = LoopbackBackend.lines(LoopbackBackend.readHead(in));
    long total = 0;
    if (lines.containsKey("Content-Length")) {
      long left = Long.parseLong(lines.get("Content-Length"));
      byte[] block = new byte[64 * 1024];
      while (left > 0) {
        int count = in.read(block, 0, (int) Math.min(block.length, left));
        if (count < 0) {
          throw new IOException("cut after " + total);
        }
        total += count;
        left -= count;
      }
      return total;
    }
    for (int size = chunk(); size > 0; size = chunk()) {
      in.skipNBytes(size);
      total += size;
      LoopbackBackend.line(in);
    }
    LoopbackBackend.line(in);
    return total;
  }

  String line() throws IOException {
    return LoopbackBackend.line(in);
  }

  boolean closed() throws IOException {
    return in.read() < 0;
  }

  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
