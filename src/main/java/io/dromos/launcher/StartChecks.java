package io.dromos.launcher;

import static io.dromos.launcher.StartRefusedException.ENVIRONMENT;
import static io.dromos.launcher.StartRefusedException.USAGE;

import io.dromos.app.DeadlineLabel;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** What can be known before anything is started, each refusal one line with the fix. */
final class StartChecks {
  private StartChecks() {}

  /** Everything typed wrong is said now, not when a component first reads it. */
  static void values(Settings settings) throws StartRefusedException {
    settings.integer(Setting.API_PORT, 0, 65535);
    settings.integer(Setting.DNS_PORT, 0, 65535);
    settings.integer(Setting.EDGE_HTTP_PORT, 0, 65535);
    settings.integer(Setting.EDGE_HTTPS_PORT, 0, 65535);
    settings.integer(Setting.EDGE_MAX_CONNECTIONS, 1, 10_000_000);
    settings.integer(Setting.LOG_FILES, 0, 100);
    settings.integer(Setting.SANDBOX_KEEP, 0, Integer.MAX_VALUE);
    settings.integer(Setting.DRAIN_ACK_TIMEOUT, 0, 3600);
    settings.integer(Setting.DEPLOYMENT_DEADLINE, 0, DeadlineLabel.MAXIMUM);
    settings.flag(Setting.SIGNALS);
    for (String role : settings.list(Setting.NODE_ROLES)) {
      if (!role.equals("master") && !role.equals("agent") && !role.equals("edge")) {
        throw new StartRefusedException(
            USAGE, "dromos.node.roles=" + role + ": give some of master, agent and edge");
      }
    }
    String credentials = settings.text(Setting.API_CREDENTIALS);
    if (!credentials.isEmpty() && credentials.indexOf(':') < 1) {
      throw new StartRefusedException(
          USAGE, "dromos.api.credentials: give user:password, with a colon between them");
    }
  }

  /**
   * The API runs commands, so it isn't served beyond this machine without a password or an explicit
   * word.
   */
  static InetAddress apiAddress(Settings settings) throws StartRefusedException {
    String text = settings.text(Setting.API_ADDRESS);
    InetAddress address = resolve(Setting.API_ADDRESS, text);
    if (!address.isLoopbackAddress()
        && settings.explicit(Setting.API_CREDENTIALS).isEmpty()
        && !settings.flag(Setting.API_INSECURE)) {
      throw new StartRefusedException(
          USAGE,
          "dromos.api.address="
              + text
              + " would let anyone who reaches it run commands here: set"
              + " dromos.api.credentials=user:password, or dromos.api.insecure=true if that is"
              + " meant");
    }
    return address;
  }

  /** The port to listen on; a free one for 0. */
  static int apiPort(Settings settings, InetAddress address) throws StartRefusedException {
    int port = settings.integer(Setting.API_PORT, 0, 65535);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new StartRefusedException(
          ENVIRONMENT,
          "the API can't listen on "
              + address.getHostAddress()
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "): stop what listens there, or choose another port with --api-port");
    }
  }

  private static InetAddress resolve(Setting setting, String text) throws StartRefusedException {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new StartRefusedException(
          USAGE, setting.key() + "=" + text + ": give an address of this machine");
    }
  }
}
