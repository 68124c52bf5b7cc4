package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the lab's service can run as a container here: it asks the Docker Engine's own API, for
 * its version and then for the image.
 *
 * @param usable the engine is there and has just pulled the image
 * @param words which, or why not, for the reader of the lab
 */
record LabEngine(boolean usable, String words) {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PULL = Duration.ofSeconds(90);

  /** Looks at {@code host} ({@code unix:///var/run/docker.sock} or {@code tcp://…}). */
  static LabEngine find(String host, String repository, String tag) {
    SocketAddress address;
    try {
      address = address(host);
    } catch (IllegalArgumentException e) {
      return new LabEngine(false, "'" + host + "' is not the address of a Docker Engine");
    }
    if (address instanceof UnixDomainSocketAddress unix) {
      Path socket = unix.getPath();
      if (!Files.exists(socket)) {
        return new LabEngine(false, "there is no Docker Engine here (no " + socket + ")");
      }
      if (!Files.isWritable(socket)) {
        return new LabEngine(
            false, "the Docker Engine at " + socket + " is not open to this user (group docker)");
      }
    }
    String version;
    try {
      String answer = ask(address, "GET /version", ANSWER);
      version = Json.object(body(answer), "the engine's answer").getString("Version", "?");
    } catch (IOException | CommandFailedException e) {
      return new LabEngine(
          false, "no Docker Engine answers at " + host + " (" + e.getMessage() + ")");
    }
    String image = repository + ":" + tag;
    String engine = "Docker Engine " + version + " is here";
    try {
      String query = "?fromImage=" + Server.encode(repository) + "&tag=" + Server.encode(tag);
      String failure = failure(ask(address, "POST /images/create" + query, PULL));
      return failure.isEmpty()
          ? new LabEngine(true, engine + ", and a registry serves it " + image)
          : new LabEngine(false, engine + ", but it cannot pull " + image + ": " + failure);
    } catch (IOException e) {
      return new LabEngine(false, engine + ", but pulling " + image + " failed: " + e.getMessage());
    }
  }

  /** The engine reports a failed pull as a status, or as a line in a stream that began well. */
  static String failure(String answer) {
    String[] head = answer.split(" ", 3);
    String found = head.length < 2 || !head[1].equals("200") ? "refused" : "";
    for (String line : answer.split("\r?\n")) {
      if (line.startsWith("{")) {
        try {
          JsonObject report = Json.object(line, "report");
          if (report.isString("error") || report.isString("message")) {
            found = report.getString("error", report.getString("message", found));
          }
        } catch (CommandFailedException e) {
          // Half a line at a chunk's border: progress, not a report.
        }
      }
    }
    return found;
  }

  private static String body(String answer) {
    int begin = answer.indexOf('{');
    int end = answer.lastIndexOf('}');
    return begin < 0 || end < begin ? "" : answer.substring(begin, end + 1);
  }

  private static SocketAddress address(String host) {
    URI uri = URI.create(host);
    if ("unix".equals(uri.getScheme())) {
      return UnixDomainSocketAddress.of(uri.getPath());
    }
    if ("tcp".equals(uri.getScheme()) && uri.getHost() != null) {
      return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 2375 : uri.getPort());
    }
    throw new IllegalArgumentException(host);
  }

  /** The whole answer as text. A channel to a unix socket knows no timeout: closing it ends it. */
  private static String ask(SocketAddress address, String request, Duration limit)
      throws IOException {
    try (SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open()) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  answer.complete(exchange(channel, address, request));
                } catch (IOException e) {
                  answer.completeExceptionally(e);
                }
              },
              "docker");
      reader.setDaemon(true);
      reader.start();
      return answer.get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + limit.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String exchange(SocketChannel channel, SocketAddress address, String request)
      throws IOException {
    channel.connect(address);
    String text =
        request + " HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (out.hasRemaining()) {
      channel.write(out);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.allocate(8192);
    while (channel.read(in) >= 0) {
      all.write(in.array(), 0, in.position());
      in.clear();
    }
    return all.toString(StandardCharsets.UTF_8);
  }
}
