package io.dromos.dataplane.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The concrete addresses behind the edge's setting. A wildcard socket would collide with a VIP on
 * the same port, so a wildcard is expanded to what the machine's interfaces have now.
 */
final class EdgeAddresses {
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "*");

  private EdgeAddresses() {}

  /** At least one address, or an exception that names the setting. */
  static List<InetAddress> of(String address, String vipPool) throws UnknownHostException {
    if (!WILDCARDS.contains(address)) {
      return List.of(InetAddress.getByName(address));
    }
    List<InetAddress> found = new ArrayList<>();
    try {
      NetworkInterface.networkInterfaces()
          .filter(EdgeAddresses::up)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(candidate -> !candidate.isLinkLocalAddress() && !inPool(candidate, vipPool))
          .forEach(found::add);
    } catch (SocketException e) {
      throw new UnknownHostException("the machine's addresses cannot be listed: " + e.getMessage());
    }
    if (found.isEmpty()) {
      throw new UnknownHostException("the machine has no usable address");
    }
    return found;
  }

  private static boolean up(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false; // It went away while being looked at.
    }
  }

  /** Whether an address lies in a CIDR such as {@code 127.128.0.0/9}. */
  static boolean inPool(InetAddress address, String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      return false;
    }
    try {
      byte[] base = InetAddress.getByName(cidr.substring(0, slash)).getAddress();
      byte[] candidate = address.getAddress();
      int bits = Integer.parseInt(cidr.substring(slash + 1));
      if (base.length != candidate.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((base[i / 8] & mask) != (candidate[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException | NumberFormatException e) {
      return false; // The VIP plane reports a pool that makes no sense.
    }
  }
}
