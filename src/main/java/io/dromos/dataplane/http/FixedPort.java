package io.dromos.dataplane.http;

import io.dromos.dataplane.BindFailure;
import io.netty.channel.socket.SocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A frontend of the edge that is there whatever apps say, on the first of some ports that may be
 * bound. Once it has one it keeps it. Called by one thread at a time.
 */
final class FixedPort {
  private static final Logger LOG = System.getLogger(FixedPort.class.getName());

  private final String frontend;
  private final String what;
  private final String setting;
  private final List<Integer> candidates;
  private final Consumer<SocketChannel> accepted;
  private volatile int port;

  /**
   * Opens nothing yet.
   *
   * @param frontend its name in reports
   * @param what it serves, for the log
   * @param setting key that chooses another port
   * @param candidates ports to try, in order; none: it is switched off
   * @param accepted fills the pipeline of each new connection
   */
  FixedPort(
      String frontend,
      String what,
      String setting,
      List<Integer> candidates,
      Consumer<SocketChannel> accepted) {
    this.frontend = frontend;
    this.what = what;
    this.setting = setting;
    this.candidates = candidates;
    this.accepted = accepted;
  }

  /** Empty before it is open, and where no port is free. */
  OptionalInt port() {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /**
   * Listens on every address that lets it, and says in {@code degraded} which do not. Returns
   * whether any does.
   */
  boolean open(
      EdgeListeners listeners,
      List<InetAddress> addresses,
      Set<InetSocketAddress> wanted,
      Map<String, String> degraded) {
    Throwable refusal = null;
    for (int candidate : port == 0 ? candidates : List.of(port)) {
      Map<InetSocketAddress, Throwable> failures = new LinkedHashMap<>();
      for (InetAddress address : addresses) {
        InetSocketAddress at = new InetSocketAddress(address, candidate);
        Throwable failure = listeners.open(at, accepted);
        if (failure != null) {
          failures.put(at, failure);
        }
      }
      if (failures.size() == addresses.size()) {
        refusal = failures.values().iterator().next();
        degraded.put(
            frontend, sentence(failures.keySet().iterator().next(), refusal, "another " + setting));
        continue;
      }
      degraded.remove(frontend);
      addresses.forEach(address -> wanted.add(new InetSocketAddress(address, candidate)));
      failures.forEach(
          (at, failure) ->
              degraded.put(
                  frontend + " on " + text(at), sentence(at, failure, "another " + setting)));
      if (port != candidate) {
        port = candidate;
        sayPort(addresses, refusal);
      }
      return true;
    }
    return false;
  }

  private void sayPort(List<InetAddress> addresses, @Nullable Throwable refusal) {
    String where =
        addresses.size() == 1 ? addresses.get(0).getHostAddress() : addresses.size() + " addresses";
    if (refusal == null) {
      LOG.log(Level.INFO, "edge serves {0} on {1} port {2}", what, where, "" + port);
    } else {
      LOG.log(
          Level.WARNING,
          "edge serves {0} on {1} port {2}, since port {3} may not be bound ({4}). To use port {3}:"
              + " free it and allow it, for example with sysctl"
              + " net.ipv4.ip_unprivileged_port_start=80, then start again",
          what,
          where,
          "" + port,
          "" + candidates.get(0),
          Reasons.of(refusal));
    }
  }

  /** Why that listener is not there, and what to choose instead. */
  static String sentence(InetSocketAddress at, Throwable failure, String other) {
    return BindFailure.sentence(at.getAddress().getHostAddress(), at.getPort(), failure)
        + "; or choose "
        + other;
  }

  static String text(InetSocketAddress at) {
    return at.getAddress().getHostAddress() + ":" + at.getPort();
  }
}
