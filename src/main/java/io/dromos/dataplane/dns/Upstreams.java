package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Name servers that other names are asked of. */
final class Upstreams {
  private static final int PORT = 53;

  private Upstreams() {}

  /**
   * {@code dromos.dns.upstream}, else the {@code nameserver} lines of {@code resolvConf}; this
   * server itself is left out.
   *
   * @throws Settings.InvalidSettingException for an entry that is no address
   */
  static List<InetSocketAddress> of(Settings settings, Path resolvConf, InetSocketAddress own) {
    List<String> texts = settings.list(Setting.DNS_UPSTREAM);
    if (settings.explicit(Setting.DNS_UPSTREAM).isEmpty()) {
      texts = nameservers(resolvConf);
    }
    List<InetSocketAddress> upstreams = new ArrayList<>();
    for (String text : texts) {
      InetSocketAddress upstream = parse(text);
      if (!isOwn(upstream, own) && !upstreams.contains(upstream)) {
        upstreams.add(upstream);
      }
    }
    return List.copyOf(upstreams);
  }

  private static List<String> nameservers(Path resolvConf) {
    List<String> found = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(resolvConf, StandardCharsets.ISO_8859_1)) {
        String[] words = line.strip().split("\\s+");
        // A scoped IPv6 address (fe80::1%eth0) is of no use outside of its link.
        if (words.length > 1 && words[0].equals("nameserver") && !words[1].contains("%")) {
          found.add(words[1]);
        }
      }
    } catch (IOException e) {
      // No such file: then only our own names are answered.
      return List.of();
    }
    return found;
  }

  /** {@code 9.9.9.9}, {@code 9.9.9.9:5353}, {@code ::1} or {@code [::1]:5353}. */
  static InetSocketAddress parse(String text) {
    String host = text;
    int port = PORT;
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && text.contains("]");
    if (bracketed) {
      host = text.substring(1, text.indexOf(']'));
      colon = text.indexOf("]:") < 0 ? -1 : text.indexOf("]:") + 1;
    }
    boolean hasPort = colon > 0 && (bracketed || text.indexOf(':') == colon);
    try {
      if (hasPort) {
        host = bracketed ? host : text.substring(0, colon);
        port = Integer.parseInt(text.substring(colon + 1));
      }
      byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
      if (address != null && port > 0 && port < 65_536) {
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
      }
    } catch (NumberFormatException | UnknownHostException e) {
      // Reported below, together with names.
    }
    throw new Settings.InvalidSettingException(
        Setting.DNS_UPSTREAM.key() + "=" + text + ": give addresses such as 9.9.9.9 or 9.9.9.9:53");
  }

  private static boolean isOwn(InetSocketAddress upstream, InetSocketAddress own) {
    if (upstream.getPort() != own.getPort()) {
      return false;
    }
    if (upstream.getAddress().equals(own.getAddress())) {
      return true;
    }
    try {
      return own.getAddress().isAnyLocalAddress()
          && (upstream.getAddress().isLoopbackAddress()
              || NetworkInterface.getByInetAddress(upstream.getAddress()) != null);
    } catch (SocketException e) {
      return false;
    }
  }
}
