package io.dromos.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports that the lab's node gets: the usual ones where they are free.
 *
 * @param servicePort where step 6 publishes the app
 * @param vipProblem why port 80 of a virtual address cannot be served; empty when it can
 * @param notes what differs from the usual, and why
 */
record LabPorts(
    int api, int dns, int edge, int servicePort, String vipProblem, List<String> notes) {
  private static final String LOOPBACK = "127.0.0.1";

  /** Any address of the pool tells: all of 127.0.0.0/8 is this machine. */
  private static final String POOL_ADDRESS = "127.128.0.1";

  static final int SERVICE_PORT = 10010;

  LabPorts {
    notes = List.copyOf(notes);
  }

  static LabPorts choose() throws CommandFailedException {
    List<String> notes = new ArrayList<>();
    int api = usual("API port", 8080, notes);
    int dns = usual("DNS port", 8053, notes);
    String refused = refusal(LOOPBACK, 80);
    int edge = 80;
    if (!refused.isEmpty()) {
      edge = refusal(LOOPBACK, 8000).isEmpty() ? 8000 : free();
      notes.add("port 80 is refused (" + refused + "): the edge listens on " + edge);
    }
    int servicePort = SERVICE_PORT;
    while (servicePort < SERVICE_PORT + 100 && !refusal(LOOPBACK, servicePort).isEmpty()) {
      servicePort++;
    }
    if (servicePort != SERVICE_PORT) {
      notes.add("port " + SERVICE_PORT + " is taken: the service port is " + servicePort);
    }
    return new LabPorts(api, dns, edge, servicePort, refusal(POOL_ADDRESS, 80), notes);
  }

  private static int usual(String what, int port, List<String> notes)
      throws CommandFailedException {
    if (refusal(LOOPBACK, port).isEmpty()) {
      return port;
    }
    int other = free();
    notes.add("the usual " + what + " " + port + " is taken: it is " + other);
    return other;
  }

  /** Why a port cannot be listened on; empty when it can. */
  private static String refusal(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As servers do: a connection that is being forgotten doesn't hold the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static int free() throws CommandFailedException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailedException("no free port on " + LOOPBACK + ": " + e.getMessage());
    }
  }
}
