package io.dromos.dataplane.stats;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a Host header may be answered. A page in the browser of somebody on this machine can be
 * made to read what listens on a loopback address, under a name of its own that it lets point here;
 * addresses and local names cannot be used so.
 */
final class OwnHost {
  private static final Pattern LOCAL =
      Pattern.compile(
          "|localhost|\\[[0-9a-f:.]+]|[0-9.]+|[a-z0-9.-]+\\.(mesos|thisdcos\\.directory|localhost)");

  private OwnHost() {}

  static boolean accepts(String listening, String host) {
    boolean loopback =
        listening.startsWith("127.") || listening.equals("localhost") || listening.equals("::1");
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
    return !loopback || LOCAL.matcher(name).matches();
  }
}
