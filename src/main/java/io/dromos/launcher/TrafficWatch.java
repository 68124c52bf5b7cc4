package io.dromos.launcher;

import io.dromos.platform.TrafficDir;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A conversation with the traffic process that serves; it ends when that does, however it does. */
final class TrafficWatch implements AutoCloseable {
  private final SocketChannel channel;
  private final String identity;
  private final long pid;

  private TrafficWatch(SocketChannel channel, String identity, long pid) {
    this.channel = channel;
    this.identity = identity;
    this.pid = pid;
  }

  /** Empty when nobody serves. */
  static Optional<TrafficWatch> connect(TrafficDir directory) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.control()));
      channel.write(ByteBuffer.wrap(new byte[] {'W'}));
      String line = line(channel);
      if (line != null) {
        String[] words = line.split(" ");
        return Optional.of(new TrafficWatch(channel, words[0], Long.parseLong(words[1])));
      }
      channel.close();
    } catch (IOException | RuntimeException e) {
      // Nobody there, or one on its way out.
      close(channel);
    }
    return Optional.empty();
  }

  String identity() {
    return identity;
  }

  long pid() {
    return pid;
  }

  /** Waits for its next word; null when it has ended, or this was closed. */
  @Nullable String next() {
    try {
      return line(channel);
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable String line(SocketChannel channel) throws IOException {
    StringBuilder line = new StringBuilder();
    ByteBuffer next = ByteBuffer.allocate(1);
    while (channel.read(next.clear()) > 0) {
      char read = (char) next.get(0);
      if (read == '\n') {
        return line.toString();
      }
      line.append(read);
    }
    return null;
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(@Nullable SocketChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // It is gone, which is what was wanted.
    }
  }
}
