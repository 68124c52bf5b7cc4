package io.dromos.dataplane.l4;

import io.dromos.routing.Backend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A backend as one VIP knows it: its connections and how its last connects went. Guarded by its
 * {@link Balancer}.
 */
final class Target {
  private final InetSocketAddress address;
  private Backend backend;
  private int connections;
  private int failuresInARow;
  private long ejectedUntil;
  private boolean ejected;

  /** Resolves a host name, so not to be called on an event loop. */
  Target(Backend backend) {
    this.backend = backend;
    this.address = resolve(backend);
  }

  private static InetSocketAddress resolve(Backend backend) {
    try {
      return new InetSocketAddress(InetAddress.getByName(backend.host()), backend.port());
    } catch (UnknownHostException e) {
      return InetSocketAddress.createUnresolved(backend.host(), backend.port());
    }
  }

  InetSocketAddress address() {
    return address;
  }

  Backend backend() {
    return backend;
  }

  void update(Backend next) {
    backend = next;
  }

  int connections() {
    return connections;
  }

  void count(int change) {
    connections += change;
  }

  boolean usable() {
    return backend.accepting() && !address.isUnresolved();
  }

  boolean ejected(long now) {
    return ejected && ejectedUntil - now > 0;
  }

  void succeeded() {
    failuresInARow = 0;
    ejected = false;
  }

  void failed(long until, int limit) {
    failuresInARow++;
    if (failuresInARow >= limit) {
      ejected = true;
      ejectedUntil = until;
    }
  }
}
