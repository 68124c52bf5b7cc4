package io.dromos.dataplane.dns;

import io.dromos.dataplane.Transport;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks upstream servers, two at a time, the ones that failed least first; the first good reply wins
 * (service-discovery reference, 2.5). Never blocks. All work of one query runs on one loop.
 */
final class Forwarder {
  static final int MAX_IN_FLIGHT = 1_024;
  private static final int AT_A_TIME = 2;

  private final Transport transport;
  private final long attemptMillis;
  private final long overallMillis;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<InetSocketAddress, Integer> failures = new ConcurrentHashMap<>();

  /**
   * @param attemptMillis limit of one server's answer
   * @param overallMillis limit of the whole
   */
  Forwarder(Transport transport, long attemptMillis, long overallMillis) {
    this.transport = transport;
    this.attemptMillis = attemptMillis;
    this.overallMillis = overallMillis;
  }

  /**
   * Passes a query on as it came.
   *
   * @param servers that may know; none: {@code done} gets null
   * @param done called once on {@code loop} with the reply under the query's own id, or null when
   *     no server has a reply
   * @return false when too many are in flight; {@code done} is not called then
   */
  boolean forward(
      byte[] query,
      List<InetSocketAddress> servers,
      boolean tcp,
      EventLoop loop,
      Consumer<byte @Nullable []> done) {
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return false;
    }
    new Inquiry(query, bestFirst(servers), tcp, loop, done).start();
    return true;
  }

  private List<InetSocketAddress> bestFirst(List<InetSocketAddress> servers) {
    List<InetSocketAddress> order = new ArrayList<>(servers);
    Collections.shuffle(order, ThreadLocalRandom.current());
    order.sort(Comparator.comparingInt(server -> failures.getOrDefault(server, 0)));
    return order;
  }

  /** One query on its way. Confined to its loop. */
  private final class Inquiry {
    private final byte[] query;
    private final boolean tcp;
    private final EventLoop loop;
    private final Consumer<byte @Nullable []> done;
    private final List<InetSocketAddress> servers;
    private final List<Exchange> open = new ArrayList<>();
    private int next;
    private int pending;
    private @Nullable Future<?> limit;
    private boolean over;
    private byte @Nullable [] refusal;

    Inquiry(
        byte[] query,
        List<InetSocketAddress> servers,
        boolean tcp,
        EventLoop loop,
        Consumer<byte @Nullable []> done) {
      this.query = query;
      this.servers = servers;
      this.tcp = tcp;
      this.loop = loop;
      this.done = done;
    }

    void start() {
      limit = loop.schedule(() -> finish(refusal), overallMillis, TimeUnit.MILLISECONDS);
      while (!over && next < servers.size() && pending < AT_A_TIME) {
        askNext();
      }
      if (servers.isEmpty()) {
        finish(null);
      }
    }

    private void askNext() {
      InetSocketAddress server = servers.get(next++);
      pending++;
      Exchange exchange =
          new Exchange(transport, loop, server, query, tcp, reply -> heard(server, reply));
      open.add(exchange);
      exchange.start(attemptMillis);
    }

    private void heard(InetSocketAddress server, byte @Nullable [] reply) {
      pending--;
      if (over) {
        return;
      }
      if (reply != null && isGood(reply)) {
        failures.remove(server);
        finish(reply);
        return;
      }
      failures.merge(server, 1, Integer::sum);
      if (reply != null) {
        refusal = reply;
      }
      if (next < servers.size()) {
        askNext();
      } else if (pending == 0) {
        finish(refusal);
      }
    }

    /** Anything but the server's own trouble. */
    private boolean isGood(byte[] reply) {
      int rcode = reply[3] & 0xF;
      return rcode == Dns.NO_ERROR || rcode == Dns.NO_SUCH_NAME;
    }

    private void finish(byte @Nullable [] reply) {
      if (!over) {
        over = true;
        inFlight.decrementAndGet();
        open.forEach(Exchange::cancel);
        if (limit != null) {
          limit.cancel(false);
        }
        done.accept(reply);
      }
    }
  }
}
