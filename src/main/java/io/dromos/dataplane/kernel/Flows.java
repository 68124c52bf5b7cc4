package io.dromos.dataplane.kernel;

import io.dromos.app.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Flows to backends that are gone. The kernel goes on sending the packets of a known flow to the
 * backend that was drawn at its beginning, so a client of a container that no longer exists would
 * wait in silence. What the kernel forgets is drawn again (UDP) or reset (TCP).
 *
 * <p>UDP flows are forgotten at once. TCP flows of a process that ended are ended by its kernel,
 * which may be sending the last bytes of an answer; only after {@link #LINGER_NANOS} is the rest,
 * whose host or container is gone with it, forgotten too.
 */
final class Flows {
  static final long LINGER_NANOS = 10_000_000_000L;

  private static final Logger LOG = System.getLogger(Flows.class.getName());

  private record Departed(Service service, Endpoint endpoint, long at) {}

  private final Tools tools;
  private final KernelStats stats;
  private final Deque<Departed> lingering = new ArrayDeque<>();
  private final boolean able;

  Flows(Tools tools, KernelStats stats) {
    this.tools = tools;
    this.stats = stats;
    this.able = tools.has("conntrack");
    if (!able) {
      LOG.log(
          Level.WARNING,
          "the program conntrack is missing: a UDP client that never pauses stays with a backend"
              + " that is gone, and a TCP client of a vanished container waits until it times out."
              + " Install the package conntrack");
    }
  }

  /** A backend left the service at {@code now}. */
  void departed(Service service, Endpoint endpoint, long now) {
    if (!able) {
      return;
    }
    if (service.protocol() == Protocol.UDP) {
      forget(service, endpoint);
    } else {
      lingering.add(new Departed(service, endpoint, now));
    }
  }

  /**
   * A service that had no backend has one. A datagram socket that was refused until now is a flow
   * to the VIP itself, and would stay one as long as it goes on trying.
   */
  void began(Service service) {
    if (able && service.protocol() == Protocol.UDP) {
      forget(service, new Endpoint(service.address(), service.port()));
    }
  }

  /** The backend is there again. */
  void returned(Service service, Endpoint endpoint) {
    lingering.removeIf(one -> one.service().equals(service) && one.endpoint().equals(endpoint));
  }

  /** Forgets what has lingered long enough. */
  void tick(long now) {
    while (!lingering.isEmpty() && now - lingering.peek().at() >= LINGER_NANOS) {
      Departed one = lingering.remove();
      forget(one.service(), one.endpoint());
    }
  }

  private void forget(Service service, Endpoint endpoint) {
    try {
      String printed =
          tools.run(
              List.of(
                  "conntrack",
                  "-D",
                  "-f",
                  "ipv4",
                  "-p",
                  service.protocolName(),
                  "--orig-dst",
                  service.address(),
                  "--orig-port-dst",
                  String.valueOf(service.port()),
                  "--reply-src",
                  endpoint.address(),
                  "--reply-port-src",
                  String.valueOf(endpoint.port())),
              "");
      stats.forgotten.increment();
      LOG.log(Level.INFO, "flows of {0} to {1}, which is gone, are forgotten", service, endpoint);
      LOG.log(Level.DEBUG, printed);
    } catch (Tools.FailedException e) {
      // It ends with an error when there was no such flow, too.
      LOG.log(Level.DEBUG, "no flow of {0} to {1}: {2}", service, endpoint, e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "flows of {0} to {1} are not forgotten: {2}", service, endpoint, e);
    }
  }
}
