package io.dromos.dataplane.dns;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.LocalPool;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks of this node find its name server: at port 53, since the file that tells a program of
 * its name servers knows no ports. For processes and containers on the machine's network that is an
 * address of the VIP pool that no VIP ever gets; for other containers the machine's address on the
 * bridge of the Docker Engine.
 */
public final class TaskListeners {
  /** Of the 256 first indices, which the store keeps free. */
  private static final int INDEX = 53;

  private static final int PORT = 53;
  private static final String BRIDGE = "docker0";
  private static final TaskListeners NONE = new TaskListeners(List.of(), false);

  private final List<String> fixed;
  private final boolean bridge;

  private TaskListeners(List<String> fixed, boolean bridge) {
    this.fixed = fixed;
    this.bridge = bridge;
  }

  static TaskListeners none() {
    return NONE;
  }

  /**
   * What {@code dromos.dns.tasks} asks for.
   *
   * @throws Settings.InvalidSettingException for a text that is no address
   */
  public static TaskListeners of(Settings settings) {
    String text = settings.text(Setting.DNS_TASKS);
    if (text.equals("none") || settings.integer(Setting.DNS_PORT, 0, 65_535) == 0) {
      return NONE;
    }
    if (text.equals("auto")) {
      LocalPool pool = LocalPool.parse(settings.text(Setting.VIP_LOCAL_POOL));
      return new TaskListeners(List.of(pool.address(INDEX)), true);
    }
    List<String> addresses = settings.list(Setting.DNS_TASKS);
    for (String address : addresses) {
      if (!NetUtil.isValidIpV4Address(address)) {
        throw new Settings.InvalidSettingException(
            Setting.DNS_TASKS.key()
                + "="
                + address
                + ": give auto, none, or IPv4 addresses such as 127.128.0.53,172.17.0.1; the port is"
                + " always 53");
      }
    }
    return new TaskListeners(addresses, false);
  }

  /** Every address to listen on now; the bridge comes and goes with the Docker Engine. */
  List<InetSocketAddress> now() {
    List<InetSocketAddress> all = new ArrayList<>();
    fixed.forEach(address -> all.add(new InetSocketAddress(address, PORT)));
    String found = bridge ? bridgeAddress() : null;
    if (found != null) {
      all.add(new InetSocketAddress(found, PORT));
    }
    return all;
  }

  /** Addresses that processes of this machine can ask, the one of the pool first. */
  public List<String> ofMachine() {
    return now().stream().map(at -> at.getAddress().getHostAddress()).toList();
  }

  /** Addresses that containers with a loopback of their own can ask. */
  public List<String> ofBridge() {
    return now().stream()
        .filter(at -> !at.getAddress().isLoopbackAddress())
        .map(at -> at.getAddress().getHostAddress())
        .toList();
  }

  /** The key of an address in the reports of the name server. */
  public static String reportKey(String address) {
    return address + ":" + PORT + "/udp";
  }

  private static @Nullable String bridgeAddress() {
    try {
      NetworkInterface docker = NetworkInterface.getByName(BRIDGE);
      return docker == null
          ? null
          : docker
              .inetAddresses()
              .filter(Inet4Address.class::isInstance)
              .map(InetAddress::getHostAddress)
              .findFirst()
              .orElse(null);
    } catch (SocketException e) {
      return null;
    }
  }
}
