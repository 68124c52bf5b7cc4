package io.dromos.dataplane.dns;

import java.io.IOException;
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

  private final Path file;
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
    this.file = file;
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
        servers = parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        // No such file: then only our own names are answered, or the servers known before it went.
        return servers;
      }
    }
    return servers;
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
