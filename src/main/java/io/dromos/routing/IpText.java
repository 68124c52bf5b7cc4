package io.dromos.routing;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells addresses from names without asking anybody. */
final class IpText {
  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  private static final Pattern PERHAPS_IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*:.*");

  private IpText() {}

  /** An IPv4 or IPv6 address in the form that DNS records can be made of: no scope, no brackets. */
  static boolean isAddress(String text) {
    return IPV4.matcher(text).matches() || isIpv6(text);
  }

  private static boolean isIpv6(String text) {
    if (!PERHAPS_IPV6.matcher(text).matches() || text.contains("%")) {
      return false;
    }
    try {
      // With a colon in it the text is never looked up as a name.
      return InetAddress.getByName(text) instanceof Inet6Address;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
