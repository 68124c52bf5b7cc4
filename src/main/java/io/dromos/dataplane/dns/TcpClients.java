package io.dromos.dataplane.dns;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Open TCP connections, the one that has been silent longest first. Silent means without a whole
 * query, so that a client cannot stay by sending a byte now and then. When there are too many, the
 * first goes. Confined to one loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures to the pipeline.
final class TcpClients {
  /** More than this are never open. */
  static final int MOST = 1_024;

  private static final long SWEEP_MILLIS = 1_000;

  private static final class Client {
    final TcpQueries queries;
    long heardAt;

    Client(TcpQueries queries, long heardAt) {
      this.queries = queries;
      this.heardAt = heardAt;
    }
  }

  private final long idleNanos;
  private final Map<Channel, Client> byAge = new LinkedHashMap<>(64, 0.75f, true);

  TcpClients(EventLoop loop, long idleMillis) {
    this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
    long every = Math.min(SWEEP_MILLIS, Math.max(1, idleMillis / 4));
    loop.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
  }

  void opened(Channel channel, TcpQueries queries) {
    if (byAge.size() >= MOST) {
      byAge.keySet().iterator().next().close();
    }
    byAge.put(channel, new Client(queries, System.nanoTime()));
  }

  void heard(Channel channel) {
    Client client = byAge.get(channel);
    if (client != null) {
      client.heardAt = System.nanoTime();
    }
  }

  void closed(Channel channel) {
    byAge.remove(channel);
  }

  int size() {
    return byAge.size();
  }

  private void sweep() {
    long now = System.nanoTime();
    List<Channel> silent = new ArrayList<>();
    for (Map.Entry<Channel, Client> entry : byAge.entrySet()) {
      Client client = entry.getValue();
      if (now - client.heardAt < idleNanos) {
        break;
      }
      if (!client.queries.isWaiting()) {
        silent.add(entry.getKey());
      }
    }
    silent.forEach(Channel::close);
  }
}
