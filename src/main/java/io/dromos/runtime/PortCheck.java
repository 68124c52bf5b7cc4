package io.dromos.runtime;

import io.dromos.app.Protocol;

/** Whether somebody listens on a port of the machine; {@link HostPorts} asks the real one. */
@FunctionalInterface
public interface PortCheck {
  boolean isTaken(int port, Protocol protocol);
}
