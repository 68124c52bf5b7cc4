package io.dromos.dataplane.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The {@code nameserver} lines of a resolv.conf, read again when they may have changed: a machine
 * that moves to another network gets other name servers. Confined to one loop.
 */
final class ResolvConf {
  private static final int PORT = 53;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Where systemd-resolved lists the servers that it asks itself. */
  private static final Path BEHIND_RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

  private static final InetAddress RESOLVED = Zones.inet(new byte[] {127, 0, 0, 53});

  private final Path file;
  private final Path behindResolved;
  private final Predicate<InetSocketAddress> usable;
  private final LongSupplier nanos;
  private List<InetSocketAddress> servers = List.of();
  private long readAt;
  private boolean read;

  /**
   * @param usable false for this name server itself
   * @param nanos monotonic clock
   */
  ResolvConf(Path file, Predicate<InetSocketAddress> usable, LongSupplier nanos) {
    this(file, BEHIND_RESOLVED, usable, nanos);
  }

  ResolvConf(
      Path file, Path behindResolved, Predicate<InetSocketAddress> usable, LongSupplier nanos) {
    this.file = file;
    this.behindResolved = behindResolved;
    this.usable = usable;
    this.nanos = nanos;
  }

  /** At most five seconds old; those last known while the file is gone. */
  List<InetSocketAddress> servers() {
    long now = nanos.getAsLong();
    if (!read || now - readAt >= FRESH_NANOS) {
      readAt = now;
      read = true;
      try {
        servers = withoutResolved(read(file));
      } catch (IOException e) {
        // No such file: then only our own names are answered, or the servers known before it went.
        return servers;
      }
    }
    return servers;
  }

  /**
   * systemd-resolved may be told to ask this name server, which must not ask it back: then the
   * servers behind it are asked.
   */
  private List<InetSocketAddress> withoutResolved(List<InetSocketAddress> found) {
    if (found.stream().noneMatch(server -> server.getAddress().equals(RESOLVED))) {
      return found;
    }
    try {
      List<InetSocketAddress> behind = read(behindResolved);
      return behind.isEmpty() ? found : behind;
    } catch (IOException e) {
      // Something else listens there, or it has nobody to ask but us.
      return found;
    }
  }

  private List<InetSocketAddress> read(Path path) throws IOException {
    return parse(Files.readAllLines(path, StandardCharsets.ISO_8859_1));
  }

  private List<InetSocketAddress> parse(List<String> lines) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 2 || !words[0].equals("nameserver")) {
        continue;
      }
      // A scoped IPv6 address (fe80::1%eth0) is of no use outside of its link.
      byte[] address = Zones.bytes(words[1]);
      if (address != null && !words[1].contains("%")) {
        InetSocketAddress server = new InetSocketAddress(Zones.inet(address), PORT);
        if (usable.test(server) && !found.contains(server)) {
          found.add(server);
        }
      }
    }
    return List.copyOf(found);
  }
}
