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
import java.util.Optional;
import java.util.function.Function;

/** Finds out who this node is from settings and machine. */
final class NodeInfos {
  private NodeInfos() {}

  /**
   * @param server what the server tells of itself under {@code payara.instance.*}, empty for what
   *     it doesn't: a WAR doesn't choose the listener it is served by
   */
  static NodeInfo of(Settings settings, Function<String, Optional<String>> server) {
    String address =
        settings.explicit(Setting.NODE_ADDRESS).orElseGet(NodeInfos::firstUsableAddress);
    return new NodeInfo(
        settings.explicit(Setting.NODE_NAME).orElseGet(NodeInfos::hostName),
        address,
        apiAddress(settings, server, address) + ":" + apiPort(settings, server),
        settings.list(Setting.NODE_ROLES),
        settings.path(Setting.DATA_DIR),
        version());
  }

  /**
   * Where clients reach the API. A wildcard is no address to connect to; and a server that listens
   * on every address serves the API on loopback alone while the door is closed to the others.
   */
  static String apiAddress(
      Settings settings, Function<String, Optional<String>> server, String nodeAddress) {
    boolean open =
        settings.explicit(Setting.API_CREDENTIALS).isPresent()
            || settings.flag(Setting.API_INSECURE);
    String listening =
        settings
            .explicit(Setting.API_ADDRESS)
            .or(() -> open ? server.apply("payara.instance.http.address") : Optional.empty())
            .orElse(Setting.API_ADDRESS.defaultValue());
    try {
      return InetAddress.getByName(listening).isAnyLocalAddress() ? nodeAddress : listening;
    } catch (UnknownHostException e) {
      throw new Settings.InvalidSettingException(
          Setting.API_ADDRESS.key() + "=" + listening + ": give an address of this machine");
    }
  }

  /** What was set, else what the server says, else the default. */
  static int apiPort(Settings settings, Function<String, Optional<String>> server) {
    Optional<String> told = server.apply("payara.instance.http.port");
    if (settings.explicit(Setting.API_PORT).isEmpty()
        && told.isPresent()
        && told.get().matches("[1-9][0-9]{0,4}")) {
      return Integer.parseInt(told.get());
    }
    return settings.integer(Setting.API_PORT, 0, 65535);
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
