package io.dromos.app;

import java.util.regex.Pattern;

/**
 * A parsed VIP label of a port, such as {@code VIP_0: /sise:80}.
 *
 * @param name canonical name, mangled for DNS ({@code sise}), or the address text of an address VIP
 * @param port 1 to 65535
 * @param address true for an address VIP such as {@code 1.2.3.4:5000}
 */
public record VipLabel(String name, int port, boolean address) {
  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

  /** Keys starting with {@code VIP} or {@code vip} are VIP labels; {@code Vip} is not. */
  public static boolean isVipKey(String key) {
    return key.startsWith("VIP") || key.startsWith("vip");
  }

  /**
   * Parses a label value.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static VipLabel parse(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + value + "' needs the form /name:port");
    }
    int port;
    try {
      port = Integer.parseInt(value.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + value + "' needs a port number after the colon");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("'" + value + "' needs a port between 1 and 65535");
    }
    String text = value.substring(0, colon);
    if (IPV4.matcher(text).matches()) {
      return new VipLabel(text, port, true);
    }
    if (text.contains(":")) {
      throw new IllegalArgumentException(
          "'" + value + "' is an IPv6 VIP; IPv6 VIPs are not served");
    }
    if (NUMERIC.matcher(text).matches() && text.contains(".")) {
      throw new IllegalArgumentException("'" + value + "' looks like an address but is not one");
    }
    String name = NameLabel.domain(text);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("'" + value + "' leaves no name for DNS");
    }
    return new VipLabel(name, port, false);
  }
}
