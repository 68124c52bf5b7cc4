package io.dromos.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of networks, such as {@code 10.0.0.0/8 192.168.7.1 fd00::/8}, that a client's address is
 * in or not. An IPv4 address that arrived as IPv6 ({@code ::ffff:10.0.0.1}) counts as IPv4.
 * Immutable.
 */
public final class ClientNetworks {
  private static final class Network {
    final byte[] address;
    final int length;

    Network(byte[] address, int length) {
      this.address = address;
      this.length = length;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = length / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = length % 8;
      return rest == 0 || ((address[whole] ^ other[whole]) & (0xFF << (8 - rest))) == 0;
    }
  }

  private final List<Network> networks;

  private ClientNetworks(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Reads addresses and CIDRs.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static ClientNetworks parse(List<String> texts) {
    List<Network> networks = new ArrayList<>();
    for (String text : texts) {
      int slash = text.indexOf('/');
      byte[] address = IpBytes.parse(slash < 0 ? text : text.substring(0, slash));
      if (address == null) {
        throw bad(text);
      }
      int length = 8 * address.length;
      if (slash >= 0) {
        String digits = text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > length) {
          throw bad(text);
        }
        length = Integer.parseInt(digits);
      }
      networks.add(new Network(address, length));
    }
    return new ClientNetworks(networks);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is neither an address nor a network such as 10.0.0.0/8");
  }

  /** An address as text; anything else is in no network. */
  public boolean contains(String address) {
    byte[] bytes = IpBytes.parse(address);
    return bytes != null && contains(bytes);
  }

  /** An address of 4 or 16 bytes. */
  public boolean contains(byte[] address) {
    byte[] bare = IpBytes.unmapped(address);
    for (Network network : networks) {
      if (network.contains(bare)) {
        return true;
      }
    }
    return false;
  }
}
