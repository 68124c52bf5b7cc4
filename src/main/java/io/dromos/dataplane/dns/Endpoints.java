package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses with ports as people write them; never host names, which need a name server. */
final class Endpoints {
  private Endpoints() {}

  /**
   * {@code 9.9.9.9}, {@code 9.9.9.9:5353}, {@code ::1} or {@code [::1]:5353}.
   *
   * @param setting blamed for a text that is none of these
   * @throws Settings.InvalidSettingException naming the setting, the text and the fix
   */
  static InetSocketAddress parse(Setting setting, String text, int defaultPort) {
    String host = text;
    int port = defaultPort;
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
        setting.key() + "=" + text + ": give addresses such as 9.9.9.9 or 9.9.9.9:53");
  }
}
