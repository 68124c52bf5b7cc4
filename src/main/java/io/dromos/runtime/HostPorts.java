package io.dromos.runtime;

import io.dromos.app.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/** Asks the machine whether a port is taken, without ever listening on it. */
public final class HostPorts {
  private HostPorts() {}

  /** True when a task that binds the port on every address would be refused. */
  public static boolean isTaken(int port, Protocol protocol) {
    return protocol == Protocol.UDP ? isUdpTaken(port) : isTcpTaken(port);
  }

  // A connecting socket is bound, not a listening one: nobody can reach it while we look. Reuse is
  // allowed, as servers do, so that connections in TIME_WAIT don't count; listeners still do.
  private static boolean isTcpTaken(int port) {
    try (SocketChannel probe = SocketChannel.open()) {
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      probe.bind(new InetSocketAddress(port));
      return false;
    } catch (java.net.BindException e) {
      return isInUse(e);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isUdpTaken(int port) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.bind(new InetSocketAddress(port));
      return false;
    } catch (java.net.BindException e) {
      return isInUse(e);
    } catch (IOException e) {
      return false;
    }
  }

  // "Permission denied" on a privileged port is not our question: the task may run as another user.
  private static boolean isInUse(java.net.BindException e) {
    return String.valueOf(e.getMessage()).contains("in use");
  }
}
