package io.dromos.dataplane.http;

import io.dromos.routing.Backend;
import java.net.InetSocketAddress;

/**
 * A backend of one snapshot with what this plane knows about it.
 *
 * @param address resolved when the snapshot was indexed, so that no event loop waits for a name
 */
record Target(Backend backend, InetSocketAddress address, BackendLoad load) {
  static Target of(Backend backend, BackendLoad load) {
    return new Target(backend, new InetSocketAddress(backend.host(), backend.port()), load);
  }
}
