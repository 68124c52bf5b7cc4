package io.dromos;

import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;

/** Finds out who this node is from settings and machine. */
final class NodeInfos {
  private NodeInfos() {}

  static NodeInfo of(Settings settings) {
    String address =
        settings.explicit(Setting.NODE_ADDRESS).orElseGet(NodeInfos::firstUsableAddress);
    return new NodeInfo(
        settings.explicit(Setting.NODE_NAME).orElseGet(NodeInfos::hostName),
        address,
        apiAddress(settings, address) + ":" + settings.integer(Setting.API_PORT, 0, 65535),
        settings.list(Setting.NODE_ROLES),
        settings.path(Setting.DATA_DIR),
        version());
  }

  /** Where clients reach the API: a wildcard is no address to connect to. */
  private static String apiAddress(Settings settings, String nodeAddress) {
    String listening = settings.text(Setting.API_ADDRESS);
    try {
      return InetAddress.getByName(listening).isAnyLocalAddress() ? nodeAddress : listening;
    } catch (UnknownHostException e) {
      throw new Settings.InvalidSettingException(
          Setting.API_ADDRESS.key() + "=" + listening + ": give an address of this machine");
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"))
          .strip()
          .toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the host name can't be read: set " + Setting.NODE_NAME.key(), e);
    }
  }

  /** The first IPv4 address that other machines could reach; loopback on a machine without one. */
  private static String firstUsableAddress() {
    try {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (card.isUp() && !card.isLoopback() && !card.isVirtual() && !isContainerBridge(card)) {
          for (InetAddress address : Collections.list(card.getInetAddresses())) {
            if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
              return address.getHostAddress();
            }
          }
        }
      }
    } catch (SocketException e) {
      throw new UncheckedIOException(
          "the network cards can't be read: set " + Setting.NODE_ADDRESS.key(), e);
    }
    return "127.0.0.1";
  }

  private static boolean isContainerBridge(NetworkInterface card) {
    return card.getName().startsWith("docker")
        || card.getName().startsWith("br-")
        || card.getName().startsWith("veth");
  }

  private static String version() {
    String version = NodeInfos.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0-SNAPSHOT" : version;
  }
}
