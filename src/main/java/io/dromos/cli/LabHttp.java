package io.dromos.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One request on a connection of its own, with the target and {@code Host} that the lab wants to
 * show; a regular client would not let it choose them.
 *
 * @param status of the answer
 */
record LabHttp(int status, String body) {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** {@code target} is a path, or a whole URL as a client sends it to its proxy. */
  static LabHttp get(InetSocketAddress server, String target, String host) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request =
          "GET "
              + target
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nUser-Agent: dromos-lab\r\nAccept: */*\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return read(socket.getInputStream());
    }
  }

  private static LabHttp read(InputStream in) throws IOException {
    String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0 || !all.startsWith("HTTP/1.")) {
      throw new IOException(all.isEmpty() ? "the connection was closed" : "not an HTTP answer");
    }
    String head = all.substring(0, end).toLowerCase(Locale.ROOT);
    String body = all.substring(end + 4);
    boolean chunked = head.contains("\r\ntransfer-encoding: chunked");
    return new LabHttp(Integer.parseInt(all.substring(9, 12)), chunked ? unchunk(body) : body);
  }

  private static String unchunk(String chunks) throws IOException {
    byte[] bytes = chunks.getBytes(StandardCharsets.UTF_8);
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int line = at;
      while (line < bytes.length && bytes[line] != '\r') {
        line++;
      }
      if (line >= bytes.length) {
        throw new IOException("the answer was cut off");
      }
      String size = new String(bytes, at, line - at, StandardCharsets.US_ASCII);
      int length = Integer.parseInt(size.split(";")[0].strip(), 16);
      if (length == 0) {
        return body.toString();
      }
      if (line + 2 + length > bytes.length) {
        throw new IOException("the answer was cut off");
      }
      body.append(new String(bytes, line + 2, length, StandardCharsets.UTF_8));
      at = line + 2 + length + 2;
    }
  }
}
