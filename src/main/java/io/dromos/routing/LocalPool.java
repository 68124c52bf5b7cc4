package io.dromos.routing;

import java.util.Arrays;

/**
 * The addresses of named VIPs: a prefix, {@code 127.128.0.0/9} in the userspace plane's view and
 * {@code 11.0.0.0/9} in the kernel's, plus the 23-bit index of a VIP name (service-discovery
 * reference, 8.1). The store keeps the first and the last 256 indices free, so no address looks
 * like a network or broadcast address.
 *
 * @param base first address as an unsigned 32-bit number
 */
public record LocalPool(int base) {
  /** Indices have this many bits, so the prefix may have at most 32 less that many. */
  public static final int INDEX_BITS = 23;

  /**
   * Reads {@code a.b.c.d/len}.
   *
   * @throws IllegalArgumentException with the fix
   */
  public static LocalPool parse(String cidr) {
    String[] parts = cidr.strip().split("/", -1);
    String advice = "'" + cidr + "': give an IPv4 prefix such as 127.128.0.0/9, /9 or shorter";
    try {
      int length = parts.length == 2 ? Integer.parseInt(parts[1]) : -1;
      String[] quad = parts[0].split("\\.", -1);
      if (length < 1 || length > 32 - INDEX_BITS || quad.length != 4) {
        throw new IllegalArgumentException(advice);
      }
      int address = 0;
      for (String part : quad) {
        int octet = Integer.parseInt(part);
        if (octet < 0 || octet > 255) {
          throw new IllegalArgumentException(advice);
        }
        address = (address << 8) | octet;
      }
      return new LocalPool(address & (-1 << (32 - length)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(advice, e);
    }
  }

  /** Whether a dotted IPv4 address could be the address of some index. */
  public boolean contains(String address) {
    int index = number(address) - base;
    return index >= 0 && index < 1 << INDEX_BITS;
  }

  /**
   * The index behind a dotted address.
   *
   * @throws IllegalArgumentException for an address outside of the pool
   */
  public int index(String address) {
    if (!contains(address)) {
      throw new IllegalArgumentException(address + " is not in the pool of " + address(0));
    }
    return number(address) - base;
  }

  private static int number(String address) {
    int number = 0;
    for (String part : address.split("\\.")) {
      number = (number << 8) | Integer.parseInt(part);
    }
    return number;
  }

  /** The address of an index, dotted. */
  public String address(int index) {
    if (index < 0 || index >= 1 << INDEX_BITS) {
      throw new IllegalArgumentException("VIP index out of range: " + index);
    }
    int address = base + index;
    return String.join(
        ".",
        Arrays.asList(24, 16, 8, 0).stream()
            .map(shift -> String.valueOf((address >>> shift) & 0xFF))
            .toList());
  }
}
