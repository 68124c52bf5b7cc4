package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Whose questions about other names are passed on. A name server that asks upstream for everybody
 * is a tool of attacks on others, so by default it does so for this machine, for private addresses
 * and for the networks that the machine is attached to. Confined to one loop.
 */
final class ForwardClients implements Predicate<InetAddress> {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanos;
  private List<InterfaceAddress> attached = List.of();
  private long readAt;
  private boolean read;

  ForwardClients(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * {@code dromos.dns.forward.clients}.
   *
   * @throws Settings.InvalidSettingException for another word than {@code local} and {@code any}
   */
  static Predicate<InetAddress> of(Settings settings) {
    String who = settings.text(Setting.DNS_FORWARD_CLIENTS);
    return switch (who) {
      case "local" -> new ForwardClients(System::nanoTime);
      case "any" -> client -> true;
      default ->
          throw new Settings.InvalidSettingException(
              Setting.DNS_FORWARD_CLIENTS.key() + "=" + who + ": give local or any");
    };
  }

  @Override
  public boolean test(InetAddress client) {
    return client.isLoopbackAddress()
        || client.isSiteLocalAddress()
        || client.isLinkLocalAddress()
        || isPrivate(client.getAddress())
        || attached().stream().anyMatch(network -> contains(network, client.getAddress()));
  }

  /** Unique local IPv6 (fc00::/7) and shared IPv4 addresses (100.64.0.0/10). */
  private static boolean isPrivate(byte[] address) {
    return address.length == 4
        ? address[0] == 100 && (address[1] & 0xC0) == 0x40
        : (address[0] & 0xFE) == 0xFC;
  }

  private List<InterfaceAddress> attached() {
    long now = nanos.getAsLong();
    if (!read || now - readAt >= FRESH_NANOS) {
      readAt = now;
      read = true;
      List<InterfaceAddress> found = new ArrayList<>();
      try {
        NetworkInterface.networkInterfaces()
            .forEach(card -> found.addAll(card.getInterfaceAddresses()));
      } catch (SocketException e) {
        return attached;
      }
      attached = found;
    }
    return attached;
  }

  private static boolean contains(InterfaceAddress network, byte[] address) {
    byte[] own = network.getAddress().getAddress();
    int bits = network.getNetworkPrefixLength();
    if (own.length != address.length || bits < 1 || bits > own.length * 8) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >>> (i % 8);
      if ((own[i / 8] & mask) != (address[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
