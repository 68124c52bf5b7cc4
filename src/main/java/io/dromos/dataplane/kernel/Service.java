package io.dromos.dataplane.kernel;

import io.dromos.app.Protocol;
import java.util.Locale;

/**
 * What a client connects to: a VIP's address in the kernel's view, protocol and port.
 *
 * @param address dotted IPv4
 */
record Service(String address, Protocol protocol, int port) {
  /** {@code tcp} or {@code udp}, as every network tool spells it. */
  String protocolName() {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  /** {@code tcp 11.0.1.5:80}, for the log. */
  @Override
  public String toString() {
    return protocolName() + " " + address + ":" + port;
  }
}
